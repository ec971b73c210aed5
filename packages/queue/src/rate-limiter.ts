import { Alarm } from './alarm.ts'
import type { Clock } from './clock.ts'
import { type RateOptions, TokenBucket } from './token-bucket.ts'

/** Says how many handlers may be called, and tells when one may that could not. */
export class RateLimiter {
  readonly #bucket: TokenBucket
  readonly #clock: Clock
  readonly #alarm: Alarm

  /** @param onToken is called when a handler may be called again, after `available` was 0 */
  constructor(options: RateOptions, clock: Clock, onToken: () => void) {
    this.#bucket = new TokenBucket(options)
    this.#clock = clock
    this.#alarm = new Alarm(clock, onToken)
  }

  get available(): number {
    const count = this.#bucket.count(this.#clock.now())
    if (count === 0) this.#alarm.set(this.#bucket.next)
    return count
  }

  /** A handler is called. */
  take(): void {
    this.#bucket.take(this.#clock.now())
  }

  stop(): void {
    this.#alarm.set(Infinity)
  }
}
