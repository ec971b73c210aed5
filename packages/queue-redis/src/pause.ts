import { systemClock } from '@fosen/queue'

/** What a loop does between two questions: it waits, unless it is woken. */
export class Pause {
  #wake: (() => void) | undefined

  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = systemClock.after(ms, resolve)
    this.#wake = resolve
    await promise
    this.#wake = undefined
  }

  /** Ends the wait; does nothing when there is none. */
  wake(): void {
    this.#wake?.()
  }
}
