import { AbortGroups } from './abort-groups.ts'
import type { Call } from './call.ts'
import { CallDispatch } from './call-dispatch.ts'
import { checkCount } from './check.ts'
import { BrokenPoolError, PoolFullError, PoolShutDownError } from './errors.ts'
import { refuseWhileImporting } from './import-module.ts'
import { LatencyRecorder } from './latency.ts'
import { mapInOrder } from './map-in-order.ts'
import {
  type CallOptions,
  checkCallOptions,
  checkPoolOptions,
  type PoolSettings,
  type ThreadPoolOptions,
} from './pool-options.ts'
import { isGenerator, referenceOf } from './portable.ts'
import { Room } from './room.ts'
import type { ThreadCall } from './thread-call.ts'
import { ThreadFuture } from './thread-future.ts'
import type { ThreadPoolStats } from './thread-pool-stats.ts'
import { ThreadStream } from './thread-stream.ts'
import { traceCall } from './tracing.ts'

/**
 * Threads that run portable functions.
 *
 * Threads start when there are calls for them, up to `max`; idle ones keep no process alive. A thread that dies fails
 * the calls it ran with a WorkerCrashedError and is replaced when the next call needs it; nothing is run twice.
 *
 * @see https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor
 */
export class ThreadPool implements AsyncDisposable {
  readonly max: number
  readonly name: string
  readonly #settings: PoolSettings
  readonly #dispatch: CallDispatch
  readonly #aborts = new AbortGroups<Call>((call, reason) => {
    this.#dispatch.withdraw(call, reason)
    call.future.setException(reason)
  })
  readonly #latency = new LatencyRecorder()
  readonly #room = new Room(() => this.#dispatch.queued >= this.#settings.maxQueue)
  #broken: BrokenPoolError | undefined
  #shutdown: PromiseWithResolvers<void> | undefined

  /**
   * @param internal.always for pools of a thread that was asked for by itself: it starts however many there are
   * @throws RangeError when an option is out of its range
   * @throws NotPortableError when the initializer is not portable
   */
  constructor(options: ThreadPoolOptions = {}, { always = false }: { readonly always?: boolean } = {}) {
    this.#settings = checkPoolOptions(options, always)
    this.max = this.#settings.max
    this.name = this.#settings.name
    this.#dispatch = new CallDispatch(this.#settings, {
      onBroken: error => this.#break(error),
      onLess: () => this.#onLess(),
    })
  }

  /**
   * Runs a portable function in a thread.
   *
   * Arguments are cloned when the call is made, and so is the result. Shared memory and shareable objects in arguments pass
   * by reference; ports are transferred. A value that cannot be cloned fails the call.
   *
   * @throws NotPortableError when `fn` was not made portable
   * @throws PoolShutDownError after `shutdown`
   * @throws PoolFullError when `maxQueue` calls wait for a thread
   * @throws MissingGuardError at the top level of a module that a thread is importing
   */
  submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): ThreadCall<R> {
    return this.#submit(fn, args, {})
  }

  /**
   * The pool with options for the calls that are submitted through what this gives.
   *
   * @throws TypeError, RangeError when an option is bad
   */
  with(options: CallOptions): Pick<ThreadPool, 'submit'> {
    checkCallOptions(options)
    return { submit: (fn, ...args) => this.#submit(fn, args, options) }
  }

  /**
   * Runs a portable function on each value, and yields the results in the order of the values.
   *
   * Values are taken from the iterable no further ahead than `lookAhead` calls, so it may be endless. The first error
   * ends the iteration; that, and leaving it early, cancels the calls that are under way.
   *
   * @param options.lookAhead calls at a time, counting those that wait for a thread; twice `max` by default
   * @throws as `submit`, in the iteration; RangeError when `lookAhead` is not a positive integer
   */
  map<T, R>(
    fn: (value: T) => R,
    values: Iterable<T> | AsyncIterable<T>,
    { lookAhead = 2 * this.max }: { readonly lookAhead?: number | undefined } = {},
  ): AsyncGenerator<Awaited<R>, void, undefined> {
    checkCount('lookAhead', lookAhead)
    const submit = async (value: T) => {
      await this.whenRoom()
      // In an array, since a promise of a future would be one of its result.
      return [this.submit(fn, value) as ThreadFuture<Awaited<R>>] as const
    }
    return mapInOrder(submit, values, lookAhead)
  }

  /**
   * Waits until a call can be submitted: fewer than `maxQueue` wait for a thread. Who waits is let in one at a time.
   *
   * @param options.signal ends the wait: it rejects with `signal.reason`
   */
  async whenRoom({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#settings.maxQueue !== Number.POSITIVE_INFINITY) await this.#room.wait(signal)
  }

  stats(): ThreadPoolStats {
    const { size, queued, threads } = this.#dispatch
    return {
      queued,
      running: size - queued,
      latency: this.#latency.read(),
      threads: Array.from(threads, ({ name, utilization }) => ({ name, utilization })),
    }
  }

  /**
   * Ends the pool: no call is taken any more, and when the last one has ended so have the threads.
   *
   * @param options.cancelPending cancels the calls that wait for a thread, instead of running them
   * @returns resolves when all threads have ended
   */
  shutdown({ cancelPending = false }: { cancelPending?: boolean } = {}): Promise<void> {
    this.#shutdown ??= Promise.withResolvers()
    // Also a daemon's: who waits for its end is to see it.
    this.#dispatch.threads.keepAlive()
    if (cancelPending) this.#dispatch.cancelPending('the pool was shut down')
    this.#endWhenDone()
    return this.#shutdown.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  #submit<A extends unknown[], R>(fn: (...args: A) => R, given: A, options: CallOptions): ThreadCall<R> {
    const reference = referenceOf(fn)
    refuseWhileImporting(`${reference.name} was called`)
    this.#checkOpen()
    const { signal, transfer = [], timeout = Number.POSITIVE_INFINITY, grace = this.#settings.grace } = options
    const isStream = isGenerator(reference)
    const future = new ThreadFuture<unknown>(
      error => {
        this.#dispatch.withdraw(call, error)
        return true
      },
      () => this.#dispatch.isRunning(call),
    )
    const call: Call = {
      reference,
      given,
      future,
      stream: isStream ? new ThreadStream(future, count => this.#dispatch.giveCredit(call, count)) : undefined,
      timeout,
      grace,
      transfer,
      needsMessage: isStream || transfer.length > 0 || timeout !== Number.POSITIVE_INFINITY,
      packed: undefined,
      kept: undefined,
      isRead: false,
      id: 0,
      slot: -1,
      deadline: undefined,
    }
    this.#watch(call)
    if (signal?.aborted) {
      future.setException(signal.reason)
    } else {
      if (signal) {
        this.#aborts.join(signal, call)
        future.onceSettled(() => this.#aborts.leave(signal, call))
      }
      this.#dispatch.submit(call)
    }
    return (call.stream ?? future) as ThreadCall<R>
  }

  #checkOpen() {
    if (this.#broken) throw this.#broken
    if (this.#shutdown) throw new PoolShutDownError(`the thread pool ${this.name} was shut down`)
    const { maxQueue } = this.#settings
    if (maxQueue === Number.POSITIVE_INFINITY || this.#dispatch.queued < maxQueue) return
    throw new PoolFullError(`${maxQueue} calls wait for a thread of the pool ${this.name}: wait for whenRoom()`)
  }

  #watch({ future, reference }: Call) {
    const submitted = performance.now()
    future.onceSettled(() => this.#latency.record(performance.now() - submitted))
    traceCall({ pool: this.name, module: reference.module, name: reference.name }, future)
  }

  /** The initializer has failed: no thread can run a call. */
  #break(cause: unknown) {
    this.#broken ??= new BrokenPoolError(`the initializer of the thread pool ${this.name} failed`, { cause })
    this.#dispatch.fail(this.#broken)
  }

  #onLess() {
    this.#room.signal()
    this.#endWhenDone()
  }

  #endWhenDone() {
    if (!this.#shutdown || this.#dispatch.size > 0) return
    void this.#dispatch.threads.terminate().then(() => this.#shutdown?.resolve())
  }
}
