import { inspect } from 'node:util'

/** @throws TypeError when `value` is no function */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${what} is a function, not ${inspect(value)}`)
}

/** @throws TypeError when `value` is no object: what Python takes by position is not taken for options */
export function checkOptions(form: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`the options are ${form}, not ${inspect(value)}`)
}

/**
 * @throws TypeError when `value` is no number
 * @throws RangeError when it is no integer, or less than `least`
 */
export function checkCount(what: string, value: unknown, least: number): void {
  if (typeof value !== 'number') throw new TypeError(`${what} is a number, not ${inspect(value)}`)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} is an integer of at least ${least}, not ${value}`)
  }
}
