import { systemClock } from '@fosen/queue'

/** What a loop does between two questions: it waits, unless it is woken, and twice as long each time until it is reset. */
export class Pause {
  readonly #shortest: number
  readonly #longest: number
  #next: number
  #wake: (() => void) | undefined

  /** How long it waits, in milliseconds: at first, and at last. */
  constructor(shortest: number, longest: number) {
    this.#shortest = shortest
    this.#longest = longest
    this.#next = shortest
  }

  async wait(): Promise<void> {
    const ms = this.#next
    this.#next = Math.min(2 * ms, this.#longest)
    await this.waitFor(ms)
  }

  /** Waits for so many milliseconds, whatever it was before and will be next. */
  async waitFor(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = systemClock.after(ms, resolve)
    this.#wake = resolve
    await promise
    this.#wake = undefined
  }

  /** The next wait is the shortest. */
  reset(): void {
    this.#next = this.#shortest
  }

  /** Ends the wait; does nothing when there is none. */
  wake(): void {
    this.#wake?.()
  }
}
