import type { Awaitable } from './awaitable.ts'
import { awaits } from './awaits.ts'
import { ensureFuture } from './ensure-future.ts'
import { Future } from './future.ts'
import { thrownBy } from './thrown-by.ts'

/**
 * A future with the outcome of `awaitable`, which cancelling it does not reach.
 *
 * Cancelling the task that waits for it ends the wait with a CancelledError, and `awaitable` goes on; when it fails after
 * that, the loop's exception handler is told. When `awaitable` itself is cancelled, so is what shields it.
 *
 * @param awaitable a coroutine, which becomes a task of the running loop, or a future
 * @returns `awaitable` itself when it is a future that is done
 * @throws TypeError when it is neither a coroutine nor a future
 * @throws RuntimeError when it is a coroutine and no loop is running
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, shield, sleep, TimeoutError, waitFor } from '@fosen/event-loop'
 *
 * const save = coroutine(function* () {
 *   yield* sleep(20)
 *   return 'saved'
 * })
 *
 * const main = coroutine(function* () {
 *   const saving = loop.createTask(save())
 *   try {
 *     yield* waitFor(shield(saving), 10)
 *   } catch (error) {
 *     if (error instanceof TimeoutError) console.log('not yet')
 *   }
 *   console.log(yield* saving)
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * not yet
 * saved
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.shield
 */
export function shield<T>(awaitable: Awaitable<T>): Future<T> {
  const inner = ensureFuture(awaitable)
  if (inner.done()) return inner
  const outer = new ShieldingFuture(inner)
  const copy = () => {
    if (outer.cancelled()) return
    const thrown = thrownBy(inner)
    if (inner.cancelled()) outer.cancel()
    else if (thrown) outer.setException(thrown.error)
    else outer.setResult(inner.result())
  }
  inner.addDoneCallback(copy)
  outer.addDoneCallback(() => {
    if (inner.done()) return
    inner.removeDoneCallback(copy)
    // Once, however often it was shielded.
    inner.removeDoneCallback(tellFailure)
    inner.addDoneCallback(tellFailure)
  })
  return outer
}

class ShieldingFuture<T> extends Future<T> {
  readonly #inner: Future<T>

  constructor(inner: Future<T>) {
    super({ loop: inner.loop })
    this.#inner = inner
  }

  [awaits](): Iterable<Future<unknown>> {
    return [this.#inner]
  }
}

/** Nobody waits for it, and there may be nobody who ever asks: whoever waited was cancelled. */
function tellFailure<T>(future: Future<T>) {
  const thrown = thrownBy(future)
  if (!thrown) return
  const { error } = thrown
  const name = error instanceof Error ? error.name : typeof error
  future.loop.callExceptionHandler({ message: `${name} exception in shielded future`, error, future })
}
