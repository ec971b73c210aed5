/** Handlers are to find their next messages there for so many milliseconds. */
const ahead = 50
const most = 64

/**
 * How many messages to take beyond those that are handled: what the last handlers' rate finishes in 50 ms, at most 64.
 * None at first, so that slow handlers hoard nothing.
 */
export class AdaptivePrefetch {
  #size = 0
  #since = Number.NaN
  #before = 0

  get size(): number {
    return this.#size
  }

  /** Messages have come: from now on the handlers are busy, and `ended` have been handled before. */
  begin(now: number, ended: number): void {
    this.#since = now
    this.#before = ended
  }

  /** To be called while handlers are busy, with how many messages have been handled so far. */
  look(now: number, ended: number): void {
    if (ended === this.#before) return
    const rate = (ended - this.#before) / (now - this.#since)
    this.#size = Math.min(most, Math.floor(rate * ahead))
  }
}
