import { setImmediate } from 'node:timers'

/** How long handlers may follow each other before timers and I/O have their turn, in milliseconds. */
const longest = 1
/** The machine's clock is looked at once in so many steps at most, as that takes longer than a quick handler. */
const longestStride = 64

/** Sees to it that timers and I/O have their turn, however many handlers there are that never wait for them. */
export class Breather {
  readonly #onBreath: () => void
  #since = performance.now()
  #stride = 1
  #left = 1
  #isDue = false

  /** @param onBreath is called when timers and I/O have had their turn */
  constructor(onBreath: () => void) {
    this.#onBreath = onBreath
  }

  /** Whether nothing more is to be started before that turn. */
  get isDue(): boolean {
    return this.#isDue
  }

  /** To be called once for each handler that has ended. */
  step(): void {
    if (--this.#left > 0 || this.#isDue) return
    this.#look()
  }

  #look() {
    const isLong = performance.now() - this.#since > longest
    this.#stride = isLong ? Math.max(1, this.#stride >> 1) : Math.min(longestStride, this.#stride * 2)
    this.#left = this.#stride
    if (!isLong) return
    this.#isDue = true
    setImmediate(this.#breathe)
  }

  readonly #breathe = () => {
    this.#isDue = false
    this.#since = performance.now()
    this.#onBreath()
  }
}
