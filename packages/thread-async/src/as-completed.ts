import { TimeoutError } from '@fosen/shared-memory'
import { checkDuration } from './check.ts'
import type { ThreadFuture } from './thread-future.ts'

/**
 * Yields as many promises as there are futures: the first is what the first future to be done comes to, and so on.
 *
 * @param options.timeout milliseconds for all of them together; by default it waits for ever. Then the promises that are
 *   left reject with a TimeoutError; nothing is cancelled.
 * @throws RangeError when `timeout` is no number of milliseconds
 * @example
 * ```ts
 * import { asCompleted, portable, ThreadPool } from '@fosen/thread-async'
 *
 * const wait = portable(import.meta, async function wait(ms: number) {
 *   await new Promise(resolve => setTimeout(resolve, ms))
 *   return ms
 * })
 *
 * if (import.meta.main) {
 *   const pool = new ThreadPool({ max: 2 })
 *   const futures = [300, 1].map(ms => pool.submit(wait, ms))
 *   for (const next of asCompleted(futures)) console.log(await next)
 *   await pool.shutdown()
 * }
 * ```
 * ```text
 * 1
 * 300
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.as_completed
 */
export function asCompleted<T>(
  futures: Iterable<ThreadFuture<T>>,
  { timeout = Number.POSITIVE_INFINITY }: { readonly timeout?: number | undefined } = {},
): IteratorObject<Promise<T>, undefined, undefined> {
  checkDuration('timeout', timeout)
  const all = new Set(futures)
  const promises = Array.from(all, () => Promise.withResolvers<T>())
  let done = 0
  const expire = () => {
    const error = new TimeoutError(`${all.size - done} of ${all.size} futures were not done within ${timeout} ms`)
    for (const { promise, reject } of promises.slice(done)) {
      reject(error)
      promise.catch(() => {})
    }
  }
  const timer = timeout === Number.POSITIVE_INFINITY || all.size === 0 ? undefined : setTimeout(expire, timeout)
  for (const future of all) {
    future.addDoneCallback(() => {
      const next = promises[done++]
      future.then(next?.resolve, next?.reject)
      // Whoever leaves early has decided not to hear of the rest. Once it is rejected: V8 finds who awaits a promise as
      // long as nobody else is told.
      future.then(null, () => next?.promise.catch(() => {}))
      if (done === all.size) clearTimeout(timer)
    })
  }
  return promises.values().map(({ promise }) => promise)
}
