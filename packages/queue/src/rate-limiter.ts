import { Alarm } from './alarm.ts'
import { checkCount, checkDuration } from './check.ts'
import type { Clock } from './clock.ts'

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
 * A token bucket: it holds up to `burst` tokens, full at first, and gains `limit` of them in `per` milliseconds, one after
 * the other. To call a handler takes one.
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export class RateLimiter {
  // A token is there every #interval from #spent on: what was taken, and what an over-full bucket could not hold, is before.
  readonly #interval: number
  readonly #burst: number
  readonly #clock: Clock
  readonly #alarm: Alarm
  #spent = -Infinity

  /** @param onToken is called when there is a token again, after somebody found none */
  constructor({ limit, per = 1000, burst = limit }: RateOptions, clock: Clock, onToken: () => void) {
    this.#interval = per / limit
    this.#burst = burst
    this.#clock = clock
    this.#alarm = new Alarm(clock, onToken)
  }

  /** How many tokens there are. */
  get available(): number {
    const now = this.#clock.now()
    const next = this.#spent + this.#interval
    if (now < next) {
      this.#alarm.set(next)
      return 0
    }
    // Rounded, the quotient may be a little less than it is.
    return Math.min(this.#burst, Math.max(1, Math.floor((now - this.#spent) / this.#interval)))
  }

  /** Takes a token that is there. */
  take(): void {
    this.#spent = Math.max(this.#spent, this.#clock.now() - this.#burst * this.#interval) + this.#interval
  }

  /** Nobody waits for a token any longer. */
  stop(): void {
    this.#alarm.set(Infinity)
  }
}
