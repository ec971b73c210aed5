import type { MessageQueue, StopOptions } from '@fosen/queue'
import type { Killed, WorkerStats } from '../job.ts'
import type { Crew, ThreadUse } from './crew.ts'
import type { Message } from './row.ts'
import { Workshop, type WorkshopOptions } from './workshop.ts'

/** How long it is waited for a thread to begin a file, in milliseconds. */
const patience = 1_000

/** The work is done in this process. */
export class LocalCrew implements Crew {
  readonly #workshop: Workshop
  #killing: Promise<string | undefined> | undefined

  constructor(queue: MessageQueue<Message>, options: WorkshopOptions) {
    this.#workshop = new Workshop(queue, options)
  }

  get workers(): readonly WorkerStats[] {
    return [{ pid: process.pid, state: 'ready', done: this.#workshop.stats.processed }]
  }

  get mostInFlight(): number {
    return this.#workshop.mostInFlight
  }

  async kill(pid = process.pid): Promise<Killed | undefined> {
    if (pid !== process.pid || this.#workshop.stats.running === 0) return undefined
    // One at a time: the next file is a victim once.
    this.#killing ??= this.#workshop.terminateThread(patience).finally(() => {
      this.#killing = undefined
    })
    const thread = await this.#killing
    return thread === undefined ? undefined : { pid, thread }
  }

  mend(): void {
    this.#workshop.mend()
  }

  /** A message is done when its row is there. */
  async rowsCome(): Promise<void> {}

  stop(options?: StopOptions): Promise<readonly ThreadUse[]> {
    return this.#workshop.stop(options)
  }
}
