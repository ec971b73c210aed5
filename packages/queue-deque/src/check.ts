import { inspect } from 'node:util'

/**
 * Refuses what is no integer.
 *
 * @param name what the message calls the value
 * @throws TypeError when the value is no number
 * @throws RangeError when it is NaN, infinite or a fraction
 */
export function checkInteger(name: string, value: unknown): asserts value is number {
  if (!Number.isInteger(value)) throw refusal(value, `${name} must be an integer, not ${inspect(value)}`)
}

/**
 * Where the item at an index is, counted from the left end.
 *
 * @param index from the right end when it is negative
 * @throws TypeError when the index is no number
 * @throws RangeError when it is no integer, or there is no such item
 */
export function offsetOf(index: number, length: number): number {
  const offset = index < 0 ? index + length : index
  if (Number.isInteger(index) && offset >= 0 && offset < length) return offset
  const there = length === 0 ? 'the deque is empty' : `there are items from ${-length} to ${length - 1}`
  throw refusal(index, `${there}, and no item at index ${inspect(index)}`)
}

/** The place between 0 and `length` that an integer means, from the right end when it is negative. */
export function clamp(index: number, length: number): number {
  return index < 0 ? Math.max(0, index + length) : Math.min(index, length)
}

function refusal(value: unknown, message: string) {
  return typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}
