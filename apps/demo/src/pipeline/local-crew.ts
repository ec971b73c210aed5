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
    const thread = await this.#workshop.terminateThread(AbortSignal.timeout(patience))
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
