import { originOf } from '@fosen/coroutine'
import { ThreadFuture } from '@fosen/thread-async'
import { referenceOf } from '@fosen/thread-async/worker'
import type { Co } from '../awaitable.ts'
import { checkOptions } from '../check-arguments.ts'
import { RuntimeError } from '../errors.ts'
import { shown } from '../shown.ts'
import type { LoopThread } from './loop-thread.ts'

/**
 * Runs a coroutine in a loop in another thread.
 *
 * The coroutine is not sent, but its function and arguments are: it must be of a portable function, and not have begun.
 * Cancelling the future cancels the task over there; when that fails in its clean-up, the exception handler of its loop
 * is told. `result()` of the future blocks this thread until the coroutine is done.
 *
 * @param coroutine what `coroutine(portable(import.meta, function* …))` gives
 * @param thread the loop; it starts when it has not yet
 * @param options.signal cancels the future when it is aborted; the reason is the `cause` of the CancelledError
 * @throws TypeError when it is no coroutine of a portable function, or `thread` or `signal` is something else
 * @throws DataCloneError when an argument cannot be cloned: they are taken as they are when the coroutine is sent
 * @throws RuntimeError when the coroutine has begun, or the loop was stopped
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
 * import { portable } from '@fosen/thread-async'
 *
 * const work = coroutine(
 *   portable(import.meta, function* work(name: string) {
 *     yield* sleep(10)
 *     return `done: ${name}`
 *   }),
 * )
 *
 * if (import.meta.main) {
 *   const thread = new LoopThread()
 *   console.log(await runCoroutineThreadsafe(work('1'), thread))
 *   await thread.close()
 * }
 * ```
 * ```text
 * done: 1
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.run_coroutine_threadsafe
 */
export function runCoroutineThreadsafe<T>(
  coroutine: Co<T>,
  thread: LoopThread,
  options: { readonly signal?: AbortSignal | undefined } = {},
): ThreadFuture<T> {
  checkOptions('{ signal }', options)
  const { signal } = options
  const origin = originOf(coroutine)
  if (!origin) {
    throw new TypeError(
      'a coroutine of a portable function is needed: make it with coroutine(portable(import.meta, function* …))',
    )
  }
  if (typeof thread?.runCoroutine !== 'function') {
    throw new TypeError(`a LoopThread is needed, not ${shown(thread)}`)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal is an AbortSignal, not ${shown(signal)}`)
  }
  if (origin.started) throw new RuntimeError(`the coroutine of ${origin.fn.name} has begun, and cannot move`)
  if (signal?.aborted) {
    origin.started = true
    const cancelled = new ThreadFuture<T>(() => true)
    cancelled.cancel(signal.reason)
    return cancelled
  }
  const future = thread.runCoroutine<T>(referenceOf(origin.fn), origin.args)
  origin.started = true
  if (signal) {
    const cancel = () => future.cancel(signal.reason)
    signal.addEventListener('abort', cancel, { once: true })
    future.onceSettled(() => signal.removeEventListener('abort', cancel))
  }
  return future
}
