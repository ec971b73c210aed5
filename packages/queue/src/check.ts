import { inspect } from 'node:util'
import type { PutOptions, WaitOptions } from './queue.ts'

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

/**
 * Refuses what is no function.
 *
 * @throws TypeError
 */
export function checkFunction(name: string, value: unknown) {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, not ${inspect(value)}`)
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
export function checkWaitOptions({ signal, timeout = Infinity }: WaitOptions) {
  checkSignal(signal)
  checkDuration('timeout', timeout, Infinity)
}

/**
 * Refuses the options of a put when one of them is bad. It does not look whether the signal is aborted.
 *
 * @throws TypeError, RangeError
 */
export function checkPutOptions({ signal, delay = 0 }: PutOptions) {
  checkSignal(signal)
  checkDuration('delay', delay)
}

function refusal(value: unknown, message: string) {
  return typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}
