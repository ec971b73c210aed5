import { inspect } from 'node:util'
import type { Clock } from './clock.ts'
import type { GetOptions, Priority, PutManyOptions, PutOptions, WaitOptions } from './queue.ts'

const priorities: readonly Priority[] = [0, 1, 2, 3]

/**
 * Refuses what is no time in milliseconds; fractions are times.
 *
 * @param name what the message calls the value
 * @param max the longest time allowed; by default the longest that is exact, `Number.MAX_SAFE_INTEGER`
 * @throws TypeError when the value is no number
 * @throws RangeError when it is NaN, negative, or more than `max`
 */
export function checkDuration(name: string, value: unknown, max = Number.MAX_SAFE_INTEGER): asserts value is number {
  if (typeof value === 'number' && value >= 0 && value <= max) return
  const expected = max === Infinity ? 'from 0 to Infinity' : 'from 0 on, and finite'
  throw refusal(value, `${name} must be a number of milliseconds ${expected}, not ${inspect(value)}`)
}

/**
 * Refuses what is no whole number from `min` on.
 *
 * @param name what the message calls the value
 * @param infinite whether Infinity is allowed
 * @throws TypeError when the value is no number
 * @throws RangeError when it is NaN, a fraction, less than `min`, or too large to be exact
 */
export function checkCount(name: string, value: unknown, min = 1, infinite = false): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= min) return
  if (infinite && value === Infinity) return
  const expected = `an integer from ${min} on${infinite ? ', or Infinity' : ''}`
  throw refusal(value, `${name} must be ${expected}, not ${inspect(value)}`)
}

/** Each has lists and waits of its own in whoever uses the queue. */
const mostPartitions = 65_536

/**
 * Refuses what is no number of partitions: an integer from 1 to 65 536.
 *
 * @throws TypeError, RangeError
 */
export function checkPartitions(value: unknown): asserts value is number {
  checkCount('partitions', value)
  if (value > mostPartitions) throw new RangeError(`partitions must be ${mostPartitions} at most, not ${value}`)
}

/**
 * Refuses what is no function.
 *
 * @throws TypeError
 */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, not ${inspect(value)}`)
}

/**
 * Refuses what is no clock.
 *
 * @throws TypeError
 */
export function checkClock(value: unknown): asserts value is Clock {
  const { now, after } = (value ?? {}) as Partial<Clock>
  if (typeof now === 'function' && typeof after === 'function') return
  throw new TypeError(`clock must have the functions now and after: ${inspect(value)}`)
}

/**
 * Refuses what is no AbortSignal; undefined is none.
 *
 * @throws TypeError
 */
export function checkSignal(value: unknown): asserts value is AbortSignal | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null && 'aborted' in value)) return
  throw new TypeError(`signal must be an AbortSignal, not ${inspect(value)}`)
}

/**
 * Refuses the options of a wait when one of them is bad. It does not look whether the signal is aborted.
 *
 * @throws TypeError, RangeError
 */
export function checkWaitOptions({ signal, timeout = Infinity }: WaitOptions): void {
  checkSignal(signal)
  checkDuration('timeout', timeout, Infinity)
}

/**
 * Refuses the options of a get when one of them is bad. It does not look whether the signal is aborted.
 *
 * @throws TypeError, RangeError
 */
export function checkGetOptions(options: GetOptions): void {
  checkWaitOptions(options)
  const { owner, holdFor } = options
  const isOwner = owner === undefined || (typeof owner === 'object' && owner !== null) || typeof owner === 'function'
  if (!isOwner) throw new TypeError(`owner must be an object, not ${inspect(owner)}`)
  if (holdFor !== undefined) checkDuration('holdFor', holdFor, Infinity)
}

/**
 * Refuses the options of a put when one of them is bad. It does not look whether the signal is aborted.
 *
 * @throws TypeError, RangeError
 */
export function checkPutOptions({
  signal,
  delay = 0,
  priority = 0,
  partitionKey,
  dedupKey,
  dedupWindow,
}: PutOptions): void {
  checkSignal(signal)
  checkDuration('delay', delay)
  if (!priorities.includes(priority)) {
    throw refusal(priority, `priority must be ${priorities.join(', ')}, not ${inspect(priority)}`)
  }
  checkKey('partitionKey', partitionKey)
  checkKey('dedupKey', dedupKey)
  if (dedupWindow === undefined) return
  checkDuration('dedupWindow', dedupWindow)
  if (dedupKey === undefined) throw new TypeError('dedupWindow needs a dedupKey')
}

/**
 * Refuses the options of a put of many when one of them is bad: those of a put, but for the key of a single message.
 *
 * @throws TypeError, RangeError
 */
export function checkPutManyOptions(options: PutManyOptions): void {
  checkPutOptions(options)
  if ((options as PutOptions).dedupKey !== undefined) {
    throw new TypeError('dedupKey is of one message: put each by itself, with its own')
  }
}

/**
 * Refuses what is no array of ids; undefined is none.
 *
 * @throws TypeError
 */
export function checkIds(ids: unknown): asserts ids is readonly string[] | undefined {
  if (ids === undefined || (Array.isArray(ids) && ids.every(id => typeof id === 'string'))) return
  throw new TypeError(`ids must be an array of strings, not ${inspect(ids)}`)
}

function checkKey(name: string, value: unknown) {
  if (value === undefined || typeof value === 'string') return
  throw new TypeError(`${name} must be a string, not ${inspect(value)}`)
}

function refusal(value: unknown, message: string) {
  return typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}
