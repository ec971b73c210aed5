/** Handlers are to find their next messages there for so many milliseconds; the rate is that of the last as many. */
const ahead = 50
const most = 64

/**
 * How many messages to take beyond those that are handled: what the last handlers' rate finishes in 50 ms, at most 64.
 * None at first, so that slow handlers hoard nothing.
 */
export class AdaptivePrefetch {
  #size = 0
  #since = 0
  #before = 0

  get size(): number {
    return this.#size
  }

  /** Handlers that had nothing to do are busy from now on; `ended` have been handled before. */
  begin(now: number, ended: number): void {
    this.#since = now
    this.#before = ended
  }

  /** To be called while handlers are busy, with how many messages have been handled so far. */
  look(now: number, ended: number): void {
    if (ended === this.#before) return
    const time = now - this.#since
    // A clock that was set back tells nothing of the rate.
    if (time >= 0) this.#size = Math.min(most, Math.floor(((ended - this.#before) / time) * ahead))
    if (time < 0 || time >= ahead) this.begin(now, ended)
  }
}
