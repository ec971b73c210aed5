import { coroutine } from '@fosen/coroutine'
import type { Co } from '../awaitable.ts'
import { getRunningLoop } from '../loop/running-loop.ts'
import { checkThreadFunction } from './check-thread-function.ts'

const calling = coroutine(function* toThread(fn: (...args: unknown[]) => unknown, args: unknown[]) {
  return yield* getRunningLoop().runInExecutor(null, fn, ...args)
})

/**
 * Runs a function in a thread of the loop's default executor, and gives what it returns; the loop goes on meanwhile.
 *
 * The call is made when it is waited for, and takes its arguments as they are then. Cancelling the task that waits
 * cancels the call: it is dropped, or told so when a thread runs it. Context variables stay in their thread.
 *
 * @param fn a function that `portable` or `asyncCall` has made known to threads
 * @throws NotPortableError when `fn` is no such function
 * @throws TypeError when `fn` is a generator function
 * @throws what the function throws
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, gather, toThread } from '@fosen/event-loop'
 * import { portable } from '@fosen/thread-async'
 *
 * const factorial = portable(import.meta, function factorial(n: number): number {
 *   return n < 2 ? 1 : n * factorial(n - 1)
 * })
 *
 * const main = coroutine(function* () {
 *   return yield* gather([toThread(factorial, 5), toThread(factorial, 6)])
 * })
 *
 * if (import.meta.main) {
 *   const loop = new EventLoop()
 *   console.log(await loop.runUntilComplete(main()))
 *   loop.close()
 * }
 * ```
 * ```text
 * [ 120, 720 ]
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread
 */
export function toThread<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Co<Awaited<R>> {
  checkThreadFunction(fn)
  return calling(fn as (...args: unknown[]) => unknown, args) as Co<Awaited<R>>
}
