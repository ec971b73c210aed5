import { awaitHook } from './await-hook.ts'
import { StopIteration } from './errors.ts'
import { type Origin, origin, originOf, portable } from './origin.ts'

const generatorPrototype: object = Object.getPrototypeOf(function* () {}).prototype

/** A generator with Python's `send`; the rest of it is JavaScript's own protocol, untouched. */
// biome-ignore lint/suspicious/noExplicitAny: whatever is sent
export interface Coroutine<Y = unknown, R = unknown, N = any> extends Generator<Y, R, N> {
  readonly [origin]?: Origin
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the generator's own methods come from its prototype, set below
// biome-ignore lint/correctness/noUnusedVariables: both declarations of a merged class name the same parameters
export class Coroutine<Y, R, N> {
  /**
   * Resumes the coroutine with `value` as the result of the `yield` it stands at, and gives what it yields next.
   *
   * Start the coroutine with `next` first: before its first `yield` nothing takes the value, and it is dropped.
   *
   * @throws StopIteration with what the coroutine returned, when it ends
   * @throws whatever the coroutine throws
   * @see https://docs.python.org/3/reference/expressions.html#generator.send
   */
  send(value: N): Y {
    const step = this.next(value)
    if (step.done) throw new StopIteration(step.value)
    return step.value
  }

  /**
   * For `await coroutine` in an async function that an event loop runs: waits for what the coroutine returns.
   *
   * Anywhere else it rejects with a TypeError, as nothing would run the coroutine.
   */
  // biome-ignore lint/suspicious/noThenProperty: a coroutine is awaited
  then<F = R, E = never>(
    onFulfilled?: ((value: R) => F | PromiseLike<F>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<F | E> {
    return awaitHook<R>(this).then(onFulfilled, onRejected)
  }
}
Object.setPrototypeOf(Coroutine.prototype, generatorPrototype)

/** The coroutine that a generator becomes: what it yields, returns and is sent stays the same. */
export type CoroutineOf<G> = G extends Generator<infer Y, infer R, infer N> ? Coroutine<Y, R, N> : never

/**
 * Makes a generator function give coroutines.
 *
 * Calling the result runs nothing: the body starts at the first `next`. When the function was made portable
 * (`@fosen/thread-async`), a coroutine that has not started can be sent to another thread.
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
  // What a generator function makes inherits from its `prototype`: no wrapper around each coroutine is needed.
  fn.prototype = Coroutine.prototype
  return (portable in fn ? travelling(fn) : fn) as (...args: A) => CoroutineOf<G>
}

/** One that was ended before its body began must not begin elsewhere. */
class TravellingCoroutine extends Coroutine<unknown, unknown, unknown> {
  override return(value: unknown) {
    begin(this)
    return super.return(value)
  }

  override throw(error: unknown) {
    begin(this)
    return super.throw(error)
  }
}

function begin(coroutine: Coroutine) {
  const made = originOf(coroutine)
  if (made) made.started = true
}

/** Coroutines that know the function and the arguments they were made of, for as long as they have not started. */
function travelling<A extends unknown[]>(fn: (...args: A) => Generator) {
  function* run(made: { started: boolean }, args: A): Generator {
    if (made.started) throw new Error(`the coroutine of ${fn.name} was sent to another thread, and runs there`)
    made.started = true
    return yield* fn(...args)
  }
  run.prototype = TravellingCoroutine.prototype
  const call = (...args: A) => {
    const made = { fn, args, started: false }
    return Object.defineProperty(run(made, args), origin, { value: made })
  }
  return Object.defineProperty(call, 'name', { value: fn.name })
}

function isGeneratorPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.isPrototypeOf.call(generatorPrototype, value)
}

function describe(value: unknown): string {
  if (typeof value !== 'function') return value === null ? 'null' : typeof value
  return `the function ${value.name || '(anonymous)'}, which is no generator function (function*)`
}
