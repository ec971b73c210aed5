import { availableParallelism } from 'node:os'
import type { ResourceLimits, Transferable } from 'node:worker_threads'
import { checkCount, checkDuration } from './check.ts'
import { type Reference, referenceOf } from './portable.ts'

export interface ThreadPoolOptions {
  /** Threads that stay when they are idle, once they have started; 0 by default. */
  readonly min?: number | undefined
  /** Most threads at a time; `os.availableParallelism()` by default. */
  readonly max?: number | undefined
  /** Calls at a time in one thread; 1 by default. More pay for functions that await. */
  readonly concurrency?: number | undefined
  /** Most calls that wait for a thread; by default there is no limit. See `whenRoom`. */
  readonly maxQueue?: number | undefined
  /** Milliseconds after which an idle thread beyond `min` ends; 30 000 by default, Infinity for never. */
  readonly idleTimeout?: number | undefined
  /** Milliseconds that a cancelled call may go on running before its thread is ended; 1000 by default. */
  readonly grace?: number | undefined
  /** A portable function that each thread runs before its first call. When it fails, so do the pool and all its calls. */
  readonly initializer?: (() => unknown) | undefined
  /** Threads are named after it, `name-1`, `name-2`, … */
  readonly name?: string | undefined
  /** Whether the process may end while calls run; false by default. */
  readonly daemon?: boolean | undefined
  /** Limits of each thread's memory, as `worker_threads` takes them. */
  readonly resourceLimits?: ResourceLimits | undefined
}

/** What a single call may be told. */
export interface CallOptions {
  /** Cancels the call: it fails with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /**
   * Milliseconds from when the call is sent to a thread, which may have to start: then it fails with a TimeoutError, and
   * is cancelled.
   */
  readonly timeout?: number | undefined
  /** As the pool's, for this call. */
  readonly grace?: number | undefined
  /** What is moved to the thread instead of being cloned, such as the ArrayBuffer of an argument. See also `transfer`. */
  readonly transfer?: readonly Transferable[] | undefined
}

/** The options, checked and complete. */
export interface PoolSettings {
  readonly min: number
  readonly max: number
  readonly concurrency: number
  readonly maxQueue: number
  readonly idleTimeout: number
  readonly grace: number
  readonly initializer: Reference | undefined
  readonly name: string
  readonly daemon: boolean
  readonly resourceLimits: ResourceLimits
  /** Start threads however many the process has: somebody has asked for just this one. */
  readonly always: boolean
}

/** More calls at a time help no thread. */
const mostAtATime = 2 ** 16

/**
 * @param always see PoolSettings
 * @throws RangeError for a number that is none, or out of its range
 * @throws NotPortableError for an initializer that is not portable
 */
export function checkPoolOptions(options: ThreadPoolOptions, always: boolean): PoolSettings {
  const { max = availableParallelism(), min = 0, concurrency = 1, maxQueue = Number.POSITIVE_INFINITY } = options
  const { idleTimeout = 30_000, grace = 1000, initializer } = options
  const { name = 'fosen', daemon = false, resourceLimits = {} } = options
  checkCount('max', max)
  if (min !== 0) checkCount('min', min)
  if (min > max) throw new RangeError(`min must be at most max, ${max}, not ${min}`)
  checkCount('concurrency', concurrency)
  if (concurrency > mostAtATime) throw new RangeError(`concurrency must be at most ${mostAtATime}, not ${concurrency}`)
  if (maxQueue !== Number.POSITIVE_INFINITY) checkCount('maxQueue', maxQueue)
  checkDuration('idleTimeout', idleTimeout)
  checkDuration('grace', grace)
  const reference = initializer === undefined ? undefined : referenceOf(initializer)
  return {
    min,
    max,
    concurrency,
    maxQueue,
    idleTimeout,
    grace,
    initializer: reference,
    name,
    daemon,
    resourceLimits,
    always,
  }
}

/** @throws TypeError, RangeError when an option is bad */
export function checkCallOptions({ signal, timeout = 0, grace = 0, transfer = [] }: CallOptions): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError('signal must be an AbortSignal')
  if (!Array.isArray(transfer)) throw new TypeError('transfer must be an array')
  checkDuration('timeout', timeout)
  checkDuration('grace', grace)
}
