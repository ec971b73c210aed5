/** @throws RangeError when the value is no positive integer */
export function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name} must be a positive integer, not ${value}`)
}

/** The longest time that a timer takes. */
const longest = 2 ** 31 - 1

/** @throws RangeError when the value is no number of milliseconds that a timer takes; Infinity is one */
export function checkDuration(name: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && (value <= longest || value === Number.POSITIVE_INFINITY)) return
  throw new RangeError(`${name} must be a number of milliseconds from 0 to ${longest}, or Infinity, not ${value}`)
}
