import { type CallOptions, checkCallOptions } from './pool-options.ts'
import { portable, standFor } from './portable.ts'
import type { ThreadCall } from './thread-call.ts'
import { ThreadPool } from './thread-pool.ts'

let pool: ThreadPool | undefined

/** The pool of this thread that wrapped functions run in; made when it is first needed. */
export function defaultThreadPool(): ThreadPool {
  pool ??= new ThreadPool()
  return pool
}

/**
 * Wraps a function so that each call runs in a thread, and the caller goes on at once.
 *
 * The call returns a ThreadFuture: await it for what the function returns, or throws. Calls share this thread's default
 * pool; more calls than it has threads wait their turn. Arguments and result are cloned, as `postMessage` does it.
 *
 * @param meta `import.meta` of the module that calls this, at its top level
 * @param fn a named function, plain or async; it sees its module as always, which the thread imports
 * @param options.name the name under which the thread finds the function; `fn.name` by default
 * @param options.thread `pool` by default; `own` gives each call a thread of its own, at once and however many there are
 * @throws TypeError when `fn` is no function or has no name
 * @example
 * ```ts
 * import { asyncCall } from '@fosen/thread-async'
 *
 * const fibonacci = asyncCall(import.meta, function fibonacci(n: number): number {
 *   let [a, b] = [0, 1]
 *   for (let i = 0; i < n; i++) [a, b] = [b, a + b]
 *   return a
 * })
 *
 * if (import.meta.main) {
 *   const future = fibonacci(50)
 *   console.log('the main thread goes on')
 *   console.log(await future)
 * }
 * ```
 * ```text
 * the main thread goes on
 * 12586269025
 * ```
 */
export function asyncCall<A extends unknown[], R>(
  meta: { readonly url: string },
  fn: (...args: A) => R,
  { name, thread = 'pool' }: { readonly name?: string | undefined; readonly thread?: 'pool' | 'own' | undefined } = {},
): (...args: A) => ThreadCall<R> {
  if (thread !== 'pool' && thread !== 'own') throw new TypeError(`thread is 'pool' or 'own', not ${thread}`)
  portable(meta, fn, { name })
  const submit = (args: A, options: CallOptions): ThreadCall<R> => {
    const pool =
      thread === 'own' ? new ThreadPool({ max: 1, name: name ?? fn.name }, { always: true }) : defaultThreadPool()
    const call = pool.with(options).submit(fn, ...args)
    if (thread === 'own') void pool.shutdown()
    return call
  }
  const call = standFor((...args: A) => submit(args, {}), fn)
  return Object.defineProperty(call, wrapped, { value: submit })
}

const wrapped = Symbol('wrapped')

/**
 * A wrapped function with options for its calls.
 *
 * @param fn what `asyncCall` gave
 * @throws TypeError when `fn` is anything else, or an option is bad
 * @example
 * ```ts
 * import { asyncCall, withOptions } from '@fosen/thread-async'
 *
 * const wait = asyncCall(import.meta, function wait() {
 *   return new Promise(() => {})
 * })
 *
 * if (import.meta.main) {
 *   await withOptions(wait, { timeout: 10 })().then(null, error => console.log(error.message))
 * }
 * ```
 * ```text
 * wait did not end within 10 ms
 * ```
 */
export function withOptions<A extends unknown[], F>(fn: (...args: A) => F, options: CallOptions): (...args: A) => F {
  type Submit = (args: A, options: CallOptions) => F
  const submit = typeof fn === 'function' ? (fn as { [wrapped]?: Submit })[wrapped] : undefined
  if (!submit) throw new TypeError('withOptions takes a function that asyncCall has wrapped')
  checkCallOptions(options)
  return (...args) => submit(args, options)
}
