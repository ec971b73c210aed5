import type { Clock } from '@fosen/queue'

/** Rings at one time, the one it was last set to; it is off until then, and after it has rung. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #time = Infinity
  #timer: Disposable | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** @param time of the clock; Infinity turns the alarm off */
  set(time: number) {
    if (time === this.#time) return
    this.#timer?.[Symbol.dispose]()
    this.#time = time
    this.#timer = time === Infinity ? undefined : this.#clock.after(Math.max(0, time - this.#clock.now()), this.#onTime)
  }

  readonly #onTime = () => {
    this.#time = Infinity
    this.#timer = undefined
    this.#ring()
  }
}
