import type { Awaitable, AwaitedOf } from './awaitable.ts'
import { checkOptions } from './check-arguments.ts'
import { Future } from './future.ts'
import { GatheringFuture } from './gathering-future.ts'
import { findRunningLoop, getRunningLoop } from './loop/running-loop.ts'
import { shown } from './shown.ts'

type Results<A extends readonly Awaitable<unknown>[]> = { -readonly [K in keyof A]: AwaitedOf<A[K]> }
type Outcomes<A extends readonly Awaitable<unknown>[]> = { -readonly [K in keyof A]: AwaitedOf<A[K]> | Error }

/**
 * Runs coroutines at the same time, and gives their results in the order in which they stand.
 *
 * The first error ends the wait with that error, and the others go on; with `returnExceptions` errors stand among the
 * results, and the wait lasts until all are done. Cancelling the result cancels all that are not done; it fails with the
 * CancelledError of the first that ends, with `returnExceptions` of the last.
 *
 * @param awaitables coroutines, which become tasks of the running loop, and futures
 * @throws TypeError when it is given anything but an array of these
 * @throws RuntimeError when no loop is running and the first is no future, or when a future belongs to another loop
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
  options: { readonly returnExceptions?: boolean } = {},
): Future<unknown[]> {
  if (!Array.isArray(awaitables)) {
    throw new TypeError(`gather takes an array, as in gather([a, b]), not ${shown(awaitables)}`)
  }
  checkOptions('{ returnExceptions }', options)
  const { returnExceptions = false } = options
  const [first] = awaitables
  const loop = findRunningLoop() ?? (first instanceof Future ? first.loop : getRunningLoop())
  const outer = new GatheringFuture(loop, returnExceptions)
  if (awaitables.length === 0) outer.setResult([])
  try {
    outer.gather(awaitables)
  } catch (error) {
    outer.abandon()
    throw error
  }
  return outer
}
