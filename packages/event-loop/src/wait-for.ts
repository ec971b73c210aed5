import { coroutine } from '@fosen/coroutine'
import type { Awaitable, Co, CoGenerator } from './awaitable.ts'
import { checkTime } from './check-arguments.ts'
import { checkAwaitable } from './check-awaitable.ts'
import { ensureFuture } from './ensure-future.ts'
import { CancelledError, TimeoutError } from './errors.ts'
import type { Future } from './future.ts'
import { timeout } from './timeout.ts'

const waitingFor = coroutine(function* waitFor<T>(awaitable: Awaitable<T>, ms: number | undefined): CoGenerator<T> {
  if (ms === undefined || ms > 0) {
    return yield* timeout(ms, function* () {
      return yield* awaitable
    })
  }
  // A task that is cancelled before it starts: a coroutine whose time is over never begins.
  const future = ensureFuture(awaitable)
  if (future.done()) return future.result()
  yield* cancelAndWait(future)
  try {
    return future.result()
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError(undefined, { cause: error })
    throw error
  }
})

/** Waits by means of another future: one that is waited for itself is not waited for any longer once this is cancelled. */
function* cancelAndWait<T>(future: Future<T>): CoGenerator<void> {
  const waiter = future.loop.createFuture<void>()
  const release = () => waiter.done() || waiter.setResult()
  future.addDoneCallback(release)
  try {
    future.cancel()
    yield* waiter
  } finally {
    future.removeDoneCallback(release)
  }
}

/**
 * Waits for a coroutine or a future, for a time; after it, that is cancelled, and TimeoutError thrown.
 *
 * What is cancelled is waited for while it cleans up; when it gives a result all the same, or another error, that is what
 * the wait gives. `waitFor(shield(task), ms)` lets the task go on. A coroutine whose time is 0, or less, does not begin.
 *
 * Cancelling the task that waits cancels what it waits for.
 *
 * @param awaitable a coroutine, which runs in the task that waits, or a future
 * @param ms milliseconds; undefined: as long as it takes
 * @throws TypeError when it is neither a coroutine nor a future
 * @throws RangeError when `ms` is no number
 * @throws TimeoutError (from the wait) after the time; its cause is the CancelledError
 * @throws RuntimeError (from the wait) outside of a task
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, sleep, TimeoutError, waitFor } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   console.log(yield* waitFor(sleep(1, 'in time'), 1000))
 *   try {
 *     yield* waitFor(sleep(60_000), 10)
 *   } catch (error) {
 *     if (error instanceof TimeoutError) console.log('too late')
 *   }
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * in time
 * too late
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.wait_for
 */
export function waitFor<T>(awaitable: Awaitable<T>, ms: number | undefined): Co<T> {
  checkAwaitable(awaitable)
  checkTime(ms)
  return waitingFor(awaitable, ms)
}
