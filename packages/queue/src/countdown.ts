import { Alarm } from './alarm.ts'
import type { Clock } from './clock.ts'

/** Tells of each item that was in it for so many milliseconds, with one timer for all of them. */
export class Countdown<T> {
  readonly #clock: Clock
  readonly #ms: number
  readonly #onEnd: (item: T) => void
  readonly #alarm: Alarm
  // In the order of their ends, since all stay equally long.
  readonly #ends = new Map<T, number>()

  /** @param onEnd is called for an item that was not deleted in time, when it is no more in it */
  constructor(clock: Clock, ms: number, onEnd: (item: T) => void) {
    this.#clock = clock
    this.#ms = ms
    this.#onEnd = onEnd
    this.#alarm = new Alarm(clock, () => this.#look())
  }

  add(item: T): void {
    const end = this.#clock.now() + this.#ms
    this.#ends.set(item, end)
    if (this.#alarm.time === Infinity) this.#alarm.set(end)
  }

  /** The timer stays: it will find another item, or nothing. */
  delete(item: T): void {
    this.#ends.delete(item)
  }

  /** Takes the timer off the clock when there is nothing to wait for. */
  rest(): void {
    if (this.#ends.size === 0) this.#alarm.set(Infinity)
  }

  #look() {
    const now = this.#clock.now()
    for (const [item, end] of this.#ends) {
      if (end > now) {
        this.#alarm.set(end)
        return
      }
      this.#ends.delete(item)
      this.#onEnd(item)
    }
  }
}
