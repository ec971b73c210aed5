import type { ThreadFuture } from '@fosen/thread-async'
import { checkLoop, checkOptions } from '../check-arguments.ts'
import { Future } from '../future.ts'
import type { BaseEventLoop } from '../loop/base-event-loop.ts'
import { getRunningLoop } from '../loop/running-loop.ts'
import { shown } from '../shown.ts'

/**
 * The future of a call in another thread, in a loop: what comes of the call arrives in a turn of the loop.
 *
 * Cancelling the one cancels the other: the call is dropped, or told so when a thread runs it, as soon as the loop has
 * its next turn. `fromPromise` takes a ThreadFuture too, and leaves the call alone when the wait is cancelled.
 *
 * A failure that arrives when the loop is closed goes to the loop's exception handler.
 *
 * @param future what a call of a function in a thread gives; a future of a loop is given back
 * @param options.loop by default the running one
 * @throws TypeError when it is neither
 * @throws RuntimeError when no loop is given and none is running
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, wrapFuture } from '@fosen/event-loop'
 * import { asyncCall } from '@fosen/thread-async'
 *
 * const square = asyncCall(import.meta, function square(n: number) {
 *   return n * n
 * })
 *
 * const main = coroutine(function* () {
 *   return yield* wrapFuture(square(12))
 * })
 *
 * if (import.meta.main) {
 *   const loop = new EventLoop()
 *   console.log(await loop.runUntilComplete(main()))
 *   loop.close()
 * }
 * ```
 * ```text
 * 144
 * ```
 * @see https://docs.python.org/3/library/asyncio-future.html#asyncio.wrap_future
 */
export function wrapFuture<T>(
  future: ThreadFuture<T> | Future<T>,
  options: { readonly loop?: BaseEventLoop | undefined } = {},
): Future<T> {
  checkOptions('{ loop }', options)
  if (future instanceof Future) return future
  if (typeof future?.peek !== 'function' || typeof future.addDoneCallback !== 'function') {
    throw new TypeError(`a ThreadFuture is needed, not ${shown(future)}`)
  }
  const { loop = getRunningLoop() } = options
  checkLoop(loop)
  const wrapped = loop.createFuture<T>()
  wrapped.addDoneCallback(() => {
    if (wrapped.cancelled()) future.cancel()
  })
  loop.outside++
  future.addDoneCallback(() => {
    loop.outside--
    if (!loop.isClosed()) loop.callSoon(settle, wrapped as Future<unknown>, future)
    else if (!wrapped.done()) tellClosed(loop, future)
  })
  return wrapped
}

function settle(wrapped: Future<unknown>, future: ThreadFuture<unknown>) {
  const outcome = future.peek()
  if (!outcome || wrapped.done()) return
  if (future.cancelled()) wrapped.cancel()
  else if (outcome.status === 'fulfilled') wrapped.setResult(outcome.value)
  else wrapped.setException(outcome.reason)
}

function tellClosed(loop: BaseEventLoop, future: ThreadFuture<unknown>) {
  const outcome = future.peek()
  if (outcome?.status !== 'rejected' || future.cancelled()) return
  loop.callExceptionHandler({ message: 'a call in a thread failed when its loop was closed', error: outcome.reason })
}
