import { Coroutine } from '@fosen/coroutine'
import { Future } from './future.ts'
import { shown } from './shown.ts'

/** @throws TypeError when it is nothing that `yield*` takes */
export function checkAwaitable(value: unknown): void {
  const isCollection = Array.isArray(value) || value instanceof Set || value instanceof Map
  if (isIterable(value) && !isCollection) return
  const mend = isCollection ? 'several go through gather or wait' : 'a promise goes through fromPromise'
  throw new TypeError(`a coroutine or a future is needed, not ${shown(value)}; ${mend}`)
}

/** @throws TypeError when it cannot be iterated, or is itself something to wait for */
export function checkAwaitables(values: unknown): void {
  if (isIterable(values) && !(values instanceof Future) && !(values instanceof Coroutine)) return
  throw new TypeError(`what to wait for comes in an array, or anything to iterate, not ${shown(values)}`)
}

const isIterable = (value: unknown) => typeof value === 'object' && value !== null && Symbol.iterator in value
