import type { Clock } from './clock.ts'

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

  /** When it rings; Infinity when it is off. */
  get time(): number {
    return this.#time
  }

  /** @param time of the clock; Infinity turns the alarm off */
  set(time: number): void {
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
