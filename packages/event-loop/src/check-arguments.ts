import { inspect } from 'node:util'
import { Coroutine } from '@fosen/coroutine'
import { Future } from './future.ts'
import { isCoroutine } from './is-coroutine.ts'

/** @throws RangeError when it is neither a number of milliseconds nor undefined, which stands for none */
export function checkTime(time: number | undefined): void {
  if (time === undefined || (typeof time === 'number' && !Number.isNaN(time))) return
  throw new RangeError(`a time is a number of milliseconds, or undefined for none, not ${inspect(time)}`)
}

/** @throws TypeError when it is nothing that `yield*` takes */
export function checkAwaitable(value: unknown): void {
  if (isIterable(value)) return
  throw new TypeError(`a coroutine or a future is needed, not ${describe(value)}; a promise goes through fromPromise`)
}

/** @throws TypeError when it cannot be iterated, or is itself something to wait for */
export function checkAwaitables(values: unknown): void {
  if (isIterable(values) && !(values instanceof Future) && !(values instanceof Coroutine)) return
  throw new TypeError(`what to wait for comes in an array, or anything to iterate, not ${describe(values)}`)
}

const isIterable = (value: unknown) => typeof value === 'object' && value !== null && Symbol.iterator in value

/** What a value is, for the message of an error. */
export function describe(value: unknown): string {
  if (value instanceof Future) return 'a future'
  return isCoroutine(value) ? 'a coroutine' : value === null ? 'null' : typeof value
}
