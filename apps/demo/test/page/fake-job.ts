import type { DeadFile, Job, JobEvent, JobStats, OperationEvent } from '../../src/job.ts'

/** A job that does nothing by itself: the test tells what happens in it, and sees what is asked of it. */
export class FakeJob implements Job {
  readonly folder = '/files'
  readonly asked: unknown[] = []
  dead: DeadFile[] = []
  current: JobStats = {
    phase: 'working',
    found: 10,
    done: 4,
    repeated: 0,
    queue: { ready: 5, delayed: 0, inFlight: 1, dead: 0, oldestAge: 3, paused: false },
    workers: [{ pid: 7, state: 'ready', done: 4 }],
  }
  readonly #listeners = new Set<(events: readonly JobEvent[]) => void>()
  #operations = 0

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  watch(listener: (events: readonly JobEvent[]) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  tell(...events: JobEvent[]): void {
    for (const listener of this.#listeners) listener(events)
  }

  /** Tells that an operation begins; what is given back tells that it has ended. */
  begin(begun: Partial<OperationEvent>): (ended: Partial<OperationEvent>) => void {
    const event = operation({ operation: ++this.#operations, ...begun })
    this.tell(event)
    return ended => this.tell({ ...event, type: 'end', ...ended })
  }

  async stats() {
    return this.current
  }

  async pause() {
    this.asked.push('pause')
  }

  async resume() {
    this.asked.push('resume')
  }

  async addLoad(files: number) {
    this.asked.push(['addLoad', files])
    return files
  }

  async killWorker(pid?: number) {
    this.asked.push(['killWorker', pid])
    return pid === 404 ? undefined : { pid: pid ?? 7 }
  }

  async deadLetters() {
    return this.dead
  }

  async requeue(ids?: readonly string[]) {
    this.asked.push(['requeue', ids])
    return ids?.length ?? this.dead.length
  }
}

export function operation(event: Partial<OperationEvent>): OperationEvent {
  return {
    type: 'start',
    channel: 'fosen:event-loop:task',
    name: 'indexFile',
    operation: 1,
    pid: 7,
    threadId: 1,
    thread: 'loop-1',
    at: 0,
    ...event,
  }
}
