import type { Future } from './future.ts'
import { getRunningLoop } from './loop/running-loop.ts'

/**
 * The future of a promise, in the running loop: what a coroutine of the loop waits for in the place of `await`.
 *
 * Cancelling the task that waits ends the wait; the promise itself goes on, and what comes of it is dropped.
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
    throw new TypeError(`fromPromise takes a promise, not ${promise === null ? 'null' : typeof promise}`)
  }
  const loop = getRunningLoop()
  loop.checkTakesPromises()
  const future = loop.createFuture<T>()
  loop.outside++
  const settle = (how: () => void) => {
    loop.outside--
    if (!future.done() && !loop.isClosed()) how()
  }
  promise.then(
    value => settle(() => future.setResult(value)),
    error => settle(() => future.setException(error)),
  )
  return future
}
