import { coroutine } from '@fosen/coroutine'
import type { Co, CoGenerator } from './awaitable.ts'
import { awaits } from './awaits.ts'
import { checkOptions, checkTime } from './check-arguments.ts'
import { checkAwaitables } from './check-awaitable.ts'
import { RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import { isCoroutine } from './is-coroutine.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { shown } from './shown.ts'
import { thrownBy } from './thrown-by.ts'

/** For `wait`: until one of them is done. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED' as const
/** For `wait`: until one of them has failed, or all are done; one that was cancelled has not failed. */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION' as const
/** For `wait`: until all of them are done. */
export const ALL_COMPLETED = 'ALL_COMPLETED' as const

export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED

export interface WaitOptions {
  /** Milliseconds after which the wait ends with what is done by then. */
  readonly timeout?: number | undefined
  /** By default `ALL_COMPLETED`. */
  readonly returnWhen?: ReturnWhen
}

/** Futures in the order in which they were given. */
export interface Waited<F> {
  readonly done: Set<F>
  readonly pending: Set<F>
}

type AnyFuture = Future<unknown>

const waiting = coroutine(function* wait<F extends AnyFuture>(
  futures: Set<F>,
  timeout: number | undefined,
  until: ReturnWhen,
): CoGenerator<Waited<F>> {
  const loop = getRunningLoop()
  for (const future of futures) {
    if (future.loop !== loop) throw new RuntimeError('the future belongs to another loop')
  }
  const waiter = new WaitingFuture(loop, futures)
  const release = () => waiter.done() || waiter.setResult()
  const timer = timeout === undefined ? undefined : loop.callLater(timeout, release)
  let left = futures.size
  const onDone = (future: AnyFuture) => {
    left--
    if (left > 0 && until !== FIRST_COMPLETED && !(until === FIRST_EXCEPTION && thrownBy(future))) return
    timer?.cancel()
    release()
  }
  for (const future of futures) future.addDoneCallback(onDone)
  try {
    yield* waiter
  } finally {
    timer?.cancel()
    for (const future of futures) future.removeDoneCallback(onDone)
  }
  const done = new Set<F>()
  const pending = new Set<F>()
  for (const future of futures) (future.done() ? done : pending).add(future)
  return { done, pending }
})

/** Done when the wait is over. */
class WaitingFuture extends Future<void> {
  readonly #futures: Iterable<AnyFuture>

  constructor(loop: BaseEventLoop, futures: Iterable<AnyFuture>) {
    super({ loop })
    this.#futures = futures
  }

  [awaits](): Iterable<AnyFuture> {
    return this.#futures
  }
}

/**
 * Waits for futures, for all or for the first, and tells which are done.
 *
 * No error is thrown for those that failed, nor when the time is over; ask each that is done. Neither the end of the time nor
 * cancelling the task that waits touches the futures: those that are pending go on.
 *
 * @param futures tasks and futures of the running loop; coroutines are refused, as what becomes of them could not be told
 * @throws TypeError when `futures` is anything but futures to iterate
 * @throws RangeError when there are none, `timeout` is no number, or `returnWhen` none of the three
 * @throws RuntimeError (from the wait) when one of them belongs to another loop
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, FIRST_COMPLETED, sleep, wait } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   const tasks = [loop.createTask(sleep(60_000, 'slow')), loop.createTask(sleep(1, 'fast'))]
 *   const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_COMPLETED })
 *   for (const task of done) console.log(task.result())
 *   for (const task of pending) task.cancel()
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * fast
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.wait
 */
export function wait<F extends AnyFuture>(futures: Iterable<F>, options: WaitOptions = {}): Co<Waited<F>> {
  checkAwaitables(futures)
  checkOptions('{ timeout, returnWhen }', options)
  const { timeout, returnWhen = ALL_COMPLETED } = options
  const set = new Set(futures)
  if (set.size === 0) throw new RangeError('Set of Tasks/Futures is empty.')
  if (returnWhen !== FIRST_COMPLETED && returnWhen !== FIRST_EXCEPTION && returnWhen !== ALL_COMPLETED) {
    throw new RangeError(`Invalid return_when value: ${String(returnWhen)}`)
  }
  for (const each of set) checkFuture(each)
  checkTime(timeout)
  return waiting(set, timeout, returnWhen)
}

function checkFuture(value: unknown) {
  if (isCoroutine(value)) throw new TypeError('Passing coroutines is forbidden, use tasks explicitly.')
  if (!(value instanceof Future)) throw new TypeError(`wait takes futures, not ${shown(value)}`)
}
