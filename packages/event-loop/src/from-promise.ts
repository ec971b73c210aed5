import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { shown } from './shown.ts'

/** Counts as waited for from outside, until it is done. */
class PromisedFuture<T> extends Future<T> {
  constructor(options: { readonly loop: BaseEventLoop }) {
    super(options)
    this.loop.outside++
  }

  protected override announce(): void {
    this.loop.outside--
    super.announce()
  }
}

/**
 * The future of a promise, in the running loop: what a coroutine of the loop waits for in the place of `await`.
 *
 * Cancelling the task that waits ends the wait; the promise itself goes on, and what comes of it is dropped. A
 * rejection that comes when the loop is closed goes to the loop's exception handler.
 *
 * @param promise a promise, or anything that can be awaited
 * @throws TypeError when it cannot be awaited
 * @throws RuntimeError when no loop is running
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, fromPromise } from '@fosen/event-loop'
 *
 * const firstLine = coroutine(function* (path: string) {
 *   const text = yield* fromPromise(readFile(path, 'utf8'))
 *   return text.split('\n')[0]
 * })
 *
 * const loop = new EventLoop()
 * console.log(await loop.runUntilComplete(firstLine(import.meta.filename)))
 * loop.close()
 * ```
 * ```text
 * import { readFile } from 'node:fs/promises'
 * ```
 */
export function fromPromise<T>(promise: PromiseLike<T>): Future<T> {
  if (typeof promise?.then !== 'function') {
    throw new TypeError(`fromPromise takes a promise, not ${shown(promise)}`)
  }
  const loop = getRunningLoop()
  loop.checkTakesPromises()
  const future = new PromisedFuture<T>({ loop })
  // A thenable that is no promise may throw, or tell of several outcomes.
  Promise.resolve(promise).then(
    value => {
      if (!future.done() && !loop.isClosed()) future.setResult(value)
    },
    error => {
      if (future.done()) return
      if (!loop.isClosed()) return future.setException(error)
      loop.callExceptionHandler({ message: 'a promise was rejected when the loop that waits for it was closed', error })
    },
  )
  return future
}
