import { coroutine } from '@fosen/coroutine'
import type { Awaitable, AwaitedOf, Co, CoGenerator } from './awaitable.ts'
import { checkOptions, checkTime } from './check-arguments.ts'
import { checkAwaitables } from './check-awaitable.ts'
import { ensureFuture } from './ensure-future.ts'
import { TimeoutError } from './errors.ts'
import type { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import type { TimerHandle } from './loop/handle.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { Queue } from './queues/queue.ts'
import type { Task } from './task.ts'

export interface AsCompletedOptions {
  /** Milliseconds for all of them. */
  readonly timeout?: number | undefined
}

type FutureOf<A> = A extends Future<unknown> ? A : Task<AwaitedOf<A>>
type Step<F> = IteratorResult<F, undefined>

/**
 * What `asCompleted` gives: to be gone through once, by either way of iterating.
 *
 * Invariant: each future is in `#todo`, or was put into the queue, or the time is over and an undefined was put for it.
 */
export class AsCompleted<F extends Future<unknown>> implements Iterable<Co<AwaitedOf<F>>> {
  readonly #todo: Set<F>
  /** Those that are done, in this order; undefined for each that was not in time. */
  readonly #done = new Queue<F | undefined>()
  /** How many there are to give to who iterates. */
  #left: number
  readonly #timer: TimerHandle | undefined

  constructor(futures: Set<F>, timeout: number | undefined, loop: BaseEventLoop) {
    this.#todo = futures
    this.#left = futures.size
    for (const future of futures) future.addDoneCallback(this.#onDone)
    if (futures.size > 0 && timeout !== undefined) this.#timer = loop.callLater(timeout, this.#onTimeout)
  }

  /** Gives coroutines, one for each future: the first that is waited for gives the result of the first to end. */
  *[Symbol.iterator](): Generator<Co<AwaitedOf<F>>, undefined> {
    while (this.#left > 0) {
      this.#left--
      yield AsCompleted.#nextResult(this)
    }
  }

  /** Gives the futures themselves, as they end. */
  [Symbol.asyncIterator](): { next(): Co<Step<F>> } {
    // By hand: what an async generator yields is awaited, and the results would come in the place of the futures.
    return { next: () => AsCompleted.#nextStep(this) }
  }

  *#take(): CoGenerator<F> {
    const future = yield* this.#done.get()
    if (!future) throw new TimeoutError()
    return future
  }

  static readonly #nextResult = coroutine(function* nextResult<F extends Future<unknown>>(
    completed: AsCompleted<F>,
  ): CoGenerator<AwaitedOf<F>> {
    const future = yield* completed.#take()
    return future.result() as AwaitedOf<F>
  })

  static readonly #nextStep = coroutine(function* nextStep<F extends Future<unknown>>(
    completed: AsCompleted<F>,
  ): CoGenerator<Step<F>> {
    if (completed.#left === 0) return { done: true, value: undefined }
    completed.#left--
    return { done: false, value: yield* completed.#take() }
  })

  readonly #onDone = (future: Future<unknown>) => {
    if (!this.#todo.delete(future as F)) return
    this.#done.putNowait(future as F)
    if (this.#todo.size === 0) this.#timer?.cancel()
  }

  readonly #onTimeout = () => {
    for (const future of this.#todo) {
      future.removeDoneCallback(this.#onDone)
      this.#done.putNowait(undefined)
    }
    this.#todo.clear()
  }
}

/**
 * Runs coroutines and futures at the same time, and gives each result as soon as it is there.
 *
 * Each step of `for … of` gives a coroutine; the first that is waited for gives or throws the result of the first to end, and
 * so on. In an async function that the loop runs, `for await` gives the futures themselves, of a coroutine its task; elsewhere
 * `yield* iterator.next()` does, of `asCompleted(…)[Symbol.asyncIterator]()`.
 *
 * Cancelling the task that waits ends one wait, and the others go on; neither that nor the end of the time touches what they
 * wait for. After the time, each wait for one that is not done throws TimeoutError.
 *
 * @param awaitables coroutines, which become tasks of the running loop, and futures; one that comes twice counts once
 * @throws TypeError when `awaitables` cannot be iterated, or one of them is neither a coroutine nor a future
 * @throws RangeError when `timeout` is no number
 * @throws RuntimeError when no loop is running, or a future belongs to another loop
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { asCompleted, EventLoop, sleep } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   for (const next of asCompleted([sleep(20, 'slow'), sleep(1, 'fast')])) {
 *     console.log(yield* next)
 *   }
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * fast
 * slow
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.as_completed
 */
export function asCompleted<A extends Awaitable<unknown>>(
  awaitables: Iterable<A>,
  options?: AsCompletedOptions,
): AsCompleted<FutureOf<A>>
export function asCompleted(
  awaitables: Iterable<Awaitable<unknown>>,
  options: AsCompletedOptions = {},
): AsCompleted<Future<unknown>> {
  checkAwaitables(awaitables)
  checkOptions('{ timeout }', options)
  const { timeout } = options
  checkTime(timeout)
  const loop = getRunningLoop()
  const futures = new Set<Future<unknown>>()
  for (const each of new Set(awaitables)) futures.add(ensureFuture(each, loop))
  return new AsCompleted(futures, timeout, loop)
}
