import { type Coroutine, generatorPrototype } from './coroutine-object.ts'
import { HandDrivenCoroutine } from './hand-driven-coroutine.ts'
import { watched } from './never-awaited.ts'
import { portable } from './origin.ts'
import { travelling } from './travelling.ts'

/** The coroutine that a generator becomes: what it yields, returns and is sent stays the same. */
export type CoroutineOf<G> = G extends Generator<infer Y, infer R, infer N> ? Coroutine<Y, R, N> : never

/**
 * Makes a generator function give coroutines.
 *
 * Calling the result runs nothing: the body starts at the first `next`. When the function was made portable
 * (`@fosen/thread-async`), a coroutine that has not started can be sent to another thread: with its arguments, and
 * without `this`.
 *
 * When the environment has FOSEN_DEBUG, a coroutine that never begins is told of on stderr, with where it was made: once
 * it is collected, or when the program ends.
 *
 * @param fn a generator function
 * @throws TypeError when `fn` is anything else
 * @example
 * ```ts
 * import { coroutine, next, StopIteration } from '@fosen/coroutine'
 *
 * const example = coroutine(function* (name: string): Generator<string, string, number> {
 *   const x = yield name
 *   return `got ${x}`
 * })
 * const coro = example('hi')
 * console.log(next(coro))
 * try {
 *   coro.send(1)
 * } catch (error) {
 *   if (error instanceof StopIteration) console.log(error.value)
 * }
 * ```
 * ```text
 * hi
 * got 1
 * ```
 * @see https://docs.python.org/3/reference/expressions.html#generator-iterator-methods
 */
// `any` for what is sent: a generator function whose `yield`s are not annotated then accepts everything, as it does.
// biome-ignore lint/suspicious/noExplicitAny: see above
export function coroutine<A extends unknown[], G extends Generator<unknown, unknown, any>>(
  fn: (...args: A) => G,
): (...args: A) => CoroutineOf<G> {
  if (typeof fn !== 'function' || !isGeneratorPrototype(fn.prototype)) {
    throw new TypeError(`coroutine takes a generator function, not ${describe(fn)}`)
  }
  const make = portable in fn ? travelling(fn) : driven(fn)
  return (process.env.FOSEN_DEBUG ? watched(make) : make) as (...args: A) => CoroutineOf<G>
}

/** What a generator function makes inherits from its `prototype`: no wrapper around each coroutine is needed. */
function driven<A extends unknown[]>(fn: (...args: A) => Generator): (...args: A) => Generator {
  fn.prototype = Object.create(HandDrivenCoroutine.prototype)
  return fn
}

function isGeneratorPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.isPrototypeOf.call(generatorPrototype, value)
}

function describe(value: unknown): string {
  if (typeof value !== 'function') return value === null ? 'null' : typeof value
  return `the function ${value.name || '(anonymous)'}, which is no generator function (function*)`
}
