import { checkCount, checkDuration } from './check.ts'

export interface RateOptions {
  /** How often a handler is called, at most, in `per` milliseconds; a batch is one call. */
  readonly limit: number
  /** Milliseconds; 1000 by default. */
  readonly per?: number | undefined
  /** How often a handler may be called in a row after a while without calls; `limit` by default. */
  readonly burst?: number | undefined
}

/** @throws TypeError, RangeError for what is no rate */
export function checkRate({ limit, per = 1000, burst = limit }: RateOptions): void {
  checkCount('rate.limit', limit)
  checkDuration('rate.per', per)
  if (per === 0) throw new RangeError('rate.per must be more than 0 milliseconds')
  checkCount('rate.burst', burst)
}

/**
 * Holds up to `burst` tokens, full at first, and gains `limit` of them in `per` milliseconds, one after the other.
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export class TokenBucket {
  // A token is there every #interval from #spent on: what was taken, and what an over-full bucket could not hold, is before.
  readonly #interval: number
  readonly #burst: number
  #spent = -Infinity

  constructor({ limit, per = 1000, burst = limit }: RateOptions) {
    this.#interval = per / limit
    this.#burst = burst
  }

  /** How many tokens there are. */
  count(now: number): number {
    return Math.min(this.#burst, Math.floor((now - this.#spent) / this.#interval))
  }

  /** When there is a token again, or was. */
  get next(): number {
    return this.#spent + this.#interval
  }

  /** Takes a token that is there. */
  take(now: number): void {
    this.#spent = Math.max(this.#spent, now - this.#burst * this.#interval) + this.#interval
  }
}
