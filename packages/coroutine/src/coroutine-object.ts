import { awaitHook } from './await-hook.ts'
import { close } from './close.ts'
import { StopIteration } from './errors.ts'
import { generatorInternals } from './generator-internals.ts'
import { leaked } from './leaked.ts'
import type { Origin, origin } from './origin.ts'
import type { CoroutineState } from './state.ts'

/** JavaScript's own: what every generator inherits from. */
export const generatorPrototype: Generator = Object.getPrototypeOf(function* () {}).prototype

/**
 * A generator with Python's methods: `send`, `raise`, `close` and `state`.
 *
 * `next`, `return`, `throw` and `for…of` give and throw what JavaScript's generators do.
 *
 * Resuming it while it runs, in whichever way, is a TypeError.
 *
 * @example
 * ```ts
 * import { coroutine, next } from '@fosen/coroutine'
 *
 * const careful = coroutine(function* (): Generator<string, string, number> {
 *   try {
 *     yield 'ready'
 *   } catch (error) {
 *     yield `caught ${error}`
 *   } finally {
 *     console.log('cleaned up')
 *   }
 *   return 'over'
 * })
 *
 * const coro = careful()
 * console.log(coro.state, next(coro), coro.raise('an error'), coro.state)
 * coro.close()
 * console.log(coro.state)
 * ```
 * ```text
 * CORO_CREATED ready caught an error CORO_SUSPENDED
 * cleaned up
 * CORO_CLOSED
 * ```
 * @see https://docs.python.org/3/reference/expressions.html#generator-iterator-methods
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever is sent
export interface Coroutine<Y = unknown, R = unknown, N = any> extends Generator<Y, R, N> {
  readonly [origin]?: Origin
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the generator's own methods come from its prototype, set below
export class Coroutine<Y, R, N> {
  /**
   * Whether it has not begun, runs at this moment, waits at a `yield`, or has ended, whoever has brought it there.
   *
   * Undefined for a coroutine that an event loop runs, where Node has no inspector or `--permission` forbids it.
   */
  get state(): CoroutineState | undefined {
    const internals = generatorInternals(this)
    return internals && `CORO_${internals.state.toUpperCase() as Uppercase<typeof internals.state>}`
  }

  /**
   * Resumes the coroutine with `value` as the result of the `yield` it stands at, and gives what it yields next.
   *
   * @param value undefined when it has not begun: no `yield` takes a value then
   * @throws StopIteration with what the coroutine returned, when it ends, and with undefined when it has ended
   * @throws TypeError when it has not begun and there is a value, or it is running
   * @throws RuntimeError when a StopIteration comes out of it, which is the cause
   * @throws whatever else the coroutine throws
   * @see https://docs.python.org/3/reference/expressions.html#generator.send
   */
  send(value: N): Y {
    if (value !== undefined && this.state === 'CORO_CREATED') {
      throw new TypeError("can't send a value to a just-started coroutine: no yield takes it; start it with next()")
    }
    return yielded(this, 'next', value)
  }

  /**
   * Python's `throw`: raises an error where the coroutine stands, and gives what it yields next.
   *
   * One that has not begun ends without running, and one that has ended stays so: the error comes back.
   *
   * @throws StopIteration with what the coroutine returned, when it ends instead of throwing
   * @throws TypeError when it is running
   * @throws RuntimeError when a StopIteration comes out of it, which is the cause
   * @throws whatever else the coroutine throws: `error`, unless it catches it
   * @see https://docs.python.org/3/reference/expressions.html#generator.throw
   */
  raise(error: unknown): Y {
    // A StopIteration does not come out of the coroutine where nothing of it runs.
    if (error instanceof StopIteration && /CREATED|CLOSED/.test(this.state ?? '')) this.throw(error)
    return yielded(this, 'throw', error)
  }

  /**
   * Ends the coroutine: a GeneratorExit is raised where it stands, so that it can clean up.
   *
   * One that has not begun ends without running; for one that has ended nothing is done.
   *
   * @returns what the coroutine returns, when it catches the GeneratorExit; undefined otherwise
   * @throws RuntimeError when it yields instead of ending; a StopIteration that comes out of it is the cause of one
   * @throws TypeError when it is running
   * @throws whatever else the coroutine throws
   * @see https://docs.python.org/3/reference/expressions.html#generator.close
   */
  close(): R | undefined {
    return close(this)
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
Object.defineProperty(Coroutine.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Coroutine) {
    return `Coroutine { <${this.state ?? 'run by an event loop'}> }`
  },
})

function yielded<Y, R, N>(coroutine: Coroutine<Y, R, N>, how: 'next' | 'throw', value: unknown): Y {
  let step: IteratorResult<Y, R>
  try {
    step = coroutine[how](value as N)
  } catch (error) {
    throw leaked(error)
  }
  if (step.done) throw new StopIteration(step.value)
  return step.value
}
