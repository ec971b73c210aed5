import type { ThreadFuture } from './thread-future.ts'

/**
 * Submits a call for each value, `lookAhead` of them at a time, and yields the results in order. The first error ends it;
 * that, and leaving it early, cancels the calls that are under way.
 */
export async function* mapInOrder<T, R>(
  submit: (value: T) => Promise<readonly [ThreadFuture<R>]>,
  values: Iterable<T> | AsyncIterable<T>,
  lookAhead: number,
): AsyncGenerator<R, void, undefined> {
  const ahead: ThreadFuture<R>[] = []
  const next = async () => await (ahead.shift() as ThreadFuture<R>)
  try {
    for await (const value of values) {
      const [future] = await submit(value)
      // One that fails early is seen when its turn comes, or not at all if the iteration ends before.
      future.addDoneCallback(() => {})
      ahead.push(future)
      if (ahead.length >= lookAhead) yield await next()
    }
    while (ahead.length > 0) yield await next()
  } finally {
    for (const future of ahead) future.cancel('the iteration has ended')
  }
}
