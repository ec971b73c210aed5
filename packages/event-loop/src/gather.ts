import type { Awaitable, AwaitedOf } from './awaitable.ts'
import { awaits } from './awaits.ts'
import { ensureFuture } from './ensure-future.ts'
import { CancelledError } from './errors.ts'
import { Future } from './future.ts'
import { isCoroutine } from './is-coroutine.ts'
import { getRunningLoop } from './loop/running-loop.ts'

type Results<A extends readonly Awaitable<unknown>[]> = { -readonly [K in keyof A]: AwaitedOf<A[K]> }
type Outcomes<A extends readonly Awaitable<unknown>[]> = { -readonly [K in keyof A]: AwaitedOf<A[K]> | Error }

/** What gather gives: cancelling it cancels its children, and it is done when their cancellation has arrived. */
class GatheringFuture<T> extends Future<T> {
  readonly children: Future<unknown>[] = []
  cancelRequested = false

  override cancel(message?: string): boolean {
    if (this.done()) return false
    // All of them, and not only up to the first that can be cancelled.
    const cancelled = this.children.map(child => child.cancel(message))
    if (!cancelled.includes(true)) return false
    this.cancelRequested = true
    return true
  }

  [awaits](): Iterable<Future<unknown>> {
    return this.children
  }
}

/**
 * Runs coroutines at the same time, and gives their results in the order in which they stand.
 *
 * The first error ends the wait with that error, and the others go on; with `returnExceptions` errors stand among the
 * results, and the wait lasts until all are done. Cancelling the result cancels all that are not done; it fails with the
 * CancelledError of the first that ends, with `returnExceptions` of the last.
 *
 * @param awaitables coroutines, which become tasks of the running loop, and futures
 * @throws TypeError when it is given anything but an array
 * @throws RuntimeError when no loop is running and none of them is a future
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, gather, sleep } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   const [one, two] = yield* gather([sleep(20, 'slow'), sleep(10, 'fast')] as const)
 *   return `${one}, ${two}`
 * })
 *
 * const loop = new EventLoop()
 * console.log(await loop.runUntilComplete(main()))
 * loop.close()
 * ```
 * ```text
 * slow, fast
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.gather
 */
export function gather<const A extends readonly Awaitable<unknown>[]>(
  awaitables: A,
  options?: { readonly returnExceptions?: false },
): Future<Results<A>>
export function gather<const A extends readonly Awaitable<unknown>[]>(
  awaitables: A,
  options: { readonly returnExceptions: boolean },
): Future<Outcomes<A>>
export function gather(
  awaitables: readonly Awaitable<unknown>[],
  { returnExceptions = false }: { readonly returnExceptions?: boolean } = {},
): Future<unknown[]> {
  if (!Array.isArray(awaitables)) {
    throw new TypeError(`gather takes an array, as in gather([a, b]), not ${describe(awaitables)}`)
  }
  const loop = awaitables.find(each => each instanceof Future)?.loop ?? getRunningLoop()
  const outer = new GatheringFuture<unknown[]>({ loop })
  // One that stands there twice runs once.
  const futures = new Map<Awaitable<unknown>, Future<unknown>>()
  for (const each of awaitables) futures.set(each, futures.get(each) ?? ensureFuture(each, loop))
  outer.children.push(...futures.values())

  let left = outer.children.length
  const settle = (last?: unknown) => {
    if (outer.cancelRequested) outer.setException(last instanceof CancelledError ? last : new CancelledError())
    else outer.setResult(awaitables.map(each => outcomeOf(futures.get(each) as Future<unknown>)))
  }
  const onDone = (child: Future<unknown>) => {
    left--
    const failure = failureOf(child)
    if (outer.done()) return
    if (failure && !returnExceptions) outer.setException(failure.error)
    else if (left === 0) settle(failure?.error)
  }
  if (left === 0) settle()
  for (const child of outer.children) child.addDoneCallback(onDone)
  return outer
}

function describe(value: unknown): string {
  if (value instanceof Future) return 'a future'
  return isCoroutine(value) ? 'a coroutine' : value === null ? 'null' : typeof value
}

/** How a done future failed, and that it did; asking marks the error as seen. */
function failureOf(future: Future<unknown>): { readonly error: unknown } | undefined {
  try {
    future.result()
    return undefined
  } catch (error) {
    return { error }
  }
}

function outcomeOf(future: Future<unknown>): unknown {
  const failure = failureOf(future)
  return failure ? failure.error : future.result()
}
