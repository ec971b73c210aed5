import type { CoGenerator } from './awaitable.ts'

const generatorPrototype: object = Object.getPrototypeOf(function* () {}).prototype

/** Whether a value is a coroutine that a loop can run: a generator, whichever function made it. */
export function isCoroutine<T>(value: unknown): value is CoGenerator<T> {
  return typeof value === 'object' && Object.prototype.isPrototypeOf.call(generatorPrototype, value as object)
}
