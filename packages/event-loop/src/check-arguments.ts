import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { shown } from './shown.ts'

/** @throws TypeError when `value` is no function */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${what} is a function, not ${shown(value)}`)
}

/** @throws TypeError when `value` is no object: what Python takes by position is not taken for options */
export function checkOptions(form: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`the options are ${form}, not ${shown(value)}`)
}

/**
 * @throws TypeError when `value` is no number
 * @throws RangeError when it is no integer, or less than `least`
 */
export function checkCount(what: string, value: unknown, least: number): void {
  if (typeof value !== 'number') throw new TypeError(`${what} is a number, not ${shown(value)}`)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} is an integer of at least ${least}, not ${value}`)
  }
}

/** @throws RangeError when it is neither a number of milliseconds nor undefined, which stands for none */
export function checkTime(time: number | undefined): void {
  if (time === undefined || (typeof time === 'number' && !Number.isNaN(time))) return
  throw new RangeError(`a time is a number of milliseconds, or undefined for none, not ${shown(time)}`)
}

/** @throws TypeError when it is no event loop of this thread */
export function checkLoop(loop: unknown): void {
  if (typeof (loop as BaseEventLoop | null)?.callSoonRunnable === 'function') return
  throw new TypeError(`a loop is needed, not ${shown(loop)}`)
}
