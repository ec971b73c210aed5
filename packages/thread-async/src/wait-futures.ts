import { abortable } from './abortable.ts'
import { checkDuration } from './check.ts'
import type { ThreadFuture } from './thread-future.ts'

export interface WaitFuturesOptions {
  /** Milliseconds; by default it waits for ever. */
  readonly timeout?: number | undefined
  /** What is waited for: all by default. FIRST_EXCEPTION is the first that fails, or else all. */
  readonly returnWhen?: 'ALL_COMPLETED' | 'FIRST_COMPLETED' | 'FIRST_EXCEPTION' | undefined
  /** Ends the wait: it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits for futures, whatever becomes of them. The end of the time is no error, and cancels nothing.
 *
 * @returns which of them are done, and which are not
 * @see https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.wait
 */
export async function waitFutures<F extends ThreadFuture<unknown>>(
  futures: Iterable<F>,
  { timeout = Number.POSITIVE_INFINITY, returnWhen = 'ALL_COMPLETED', signal }: WaitFuturesOptions = {},
): Promise<{ done: Set<F>; notDone: Set<F> }> {
  checkDuration('timeout', timeout)
  const all = new Set(futures)
  const enough = Promise.withResolvers<void>()
  let left = all.size
  if (left === 0) enough.resolve()
  for (const future of all) {
    future.addDoneCallback(() => {
      left--
      const first =
        returnWhen === 'FIRST_COMPLETED' ||
        (returnWhen === 'FIRST_EXCEPTION' && !future.cancelled() && future.exception() !== undefined)
      if (first || left === 0) enough.resolve()
    })
  }
  const timer = timeout === Number.POSITIVE_INFINITY ? undefined : setTimeout(enough.resolve, timeout)
  try {
    await abortable(enough.promise, signal)
  } finally {
    clearTimeout(timer)
  }
  const done = new Set([...all].filter(future => future.done()))
  return { done, notDone: all.difference(done) }
}
