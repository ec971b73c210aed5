import { checkDuration, checkFunction } from './check.ts'

/** Says how many milliseconds to wait before a message is tried again, after its `attempt`-th attempt failed with `error`. */
export type Backoff = (attempt: number, error: unknown) => number

export interface ExponentialBackoffOptions {
  /** The longest wait after the first attempt, in milliseconds; 100 by default. */
  readonly base?: number | undefined
  /** The longest wait after any attempt, in milliseconds; 30 000 by default. */
  readonly cap?: number | undefined
  /** A number from 0 to 1, 1 excluded; `Math.random` by default. */
  readonly random?: (() => number) | undefined
}

/** 2 to this power is beyond every cap, and finite: a base of 0 stays 0. */
const highestPower = 1000

/**
 * Waits that grow from attempt to attempt, each drawn at random between 0 and `base * 2 ** (attempt - 1)`, at most `cap`,
 * so that messages which failed together do not come back together.
 *
 * @throws TypeError, RangeError for a base or cap that is no time, or a random that is no function
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 * @example
 * ```ts
 * import { exponentialBackoff } from '@fosen/queue'
 *
 * const backoff = exponentialBackoff({ base: 200, cap: 1000, random: () => 0.5 })
 * console.log([1, 2, 3, 4, 5].map(attempt => backoff(attempt, undefined)))
 * ```
 * ```text
 * [ 100, 200, 400, 500, 500 ]
 * ```
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): Backoff {
  const { base = 100, cap = 30_000, random = Math.random } = options
  checkDuration('base', base)
  checkDuration('cap', cap)
  checkFunction('random', random)
  return attempt => random() * Math.min(cap, base * 2 ** Math.min(attempt - 1, highestPower))
}
