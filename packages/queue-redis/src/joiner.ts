import type { QueueStats, WaitOptions } from '@fosen/queue'
import { Pause } from './pause.ts'
import { Waiters } from './waiters.ts'

/** How often the queue is asked whether it is done, in milliseconds: at first, and at last. */
const shortestPause = 5
const longestPause = 250

/** Asks for those who wait until nothing is ready, delayed or in flight. */
export class Joiner {
  readonly #stats: () => Promise<QueueStats>
  readonly #waiters = new Waiters<undefined, void>('the queue was not done')
  readonly #pause = new Pause(shortestPause, longestPause)
  #loop: Promise<void> | undefined

  constructor(stats: () => Promise<QueueStats>) {
    this.#stats = stats
  }

  join(options: WaitOptions): Promise<void> {
    const done = this.#waiters.wait(undefined, options)
    this.#pause.reset()
    this.#pause.wake()
    this.#loop ??= this.#run()
    return done
  }

  /** Ends every wait with the error. */
  async close(error: Error) {
    this.#waiters.rejectAll(error)
    this.#pause.wake()
    await this.#loop
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      try {
        const question = this.#waiters.ask()
        const { ready, delayed, inFlight } = await this.#stats()
        if (ready + delayed + inFlight === 0) question.resolve()
        else question.thereIsNothing()
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
      if (this.#waiters.isEmpty) break
      await this.#pause.wait()
    }
    this.#loop = undefined
  }
}
