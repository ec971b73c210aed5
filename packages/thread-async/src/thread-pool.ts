import { checkCount } from './check.ts'
import { BrokenPoolError, PoolFullError, PoolShutDownError } from './errors.ts'
import { refuseWhileImporting } from './import-module.ts'
import { runInline } from './inline-call.ts'
import { LatencyRecorder } from './latency.ts'
import { mapInOrder } from './map-in-order.ts'
import {
  type CallOptions,
  checkCallOptions,
  checkPoolOptions,
  type PoolSettings,
  type ThreadPoolOptions,
} from './pool-options.ts'
import type { Call } from './pool-thread.ts'
import { isGenerator, isPlain, referenceOf } from './portable.ts'
import { Room } from './room.ts'
import { StrandedCalls } from './stranded-calls.ts'
import type { ThreadCall } from './thread-call.ts'
import { ThreadFuture } from './thread-future.ts'
import { ThreadGroup } from './thread-group.ts'
import type { ThreadPoolStats } from './thread-pool-stats.ts'
import { ThreadStream } from './thread-stream.ts'
import { traceCall } from './tracing.ts'
import { keepArguments, packArguments } from './wire/wire-arguments.ts'

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
  readonly #threads: ThreadGroup
  // In the order of insertion; a call that is cancelled leaves it in constant time.
  readonly #queue = new Set<Call>()
  readonly #latency = new LatencyRecorder()
  readonly #stranded = new StrandedCalls(isBlocked => this.#runStranded(isBlocked))
  readonly #room = new Room(() => this.#queue.size >= this.#settings.maxQueue)
  #inline = 0
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
    this.#threads = new ThreadGroup(this.#settings, {
      onRoom: () => this.#dispatch(),
      onBroken: error => this.#break(error),
    })
  }

  /**
   * Runs a portable function in a thread.
   *
   * Arguments are cloned when the call is made, and so is the result. Shared memory, and shareable objects that are an
   * argument themselves, pass by reference; ports are transferred. A value that cannot be cloned fails the
   * call.
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
    return {
      queued: this.#queue.size,
      running: this.#threads.running + this.#inline,
      latency: this.#latency.read(),
      threads: Array.from(this.#threads, ({ name, utilization }) => ({ name, utilization })),
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
    this.#threads.keepAlive()
    if (cancelPending) for (const { future } of this.#queue) future.cancel('the pool was shut down')
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
    const { signal, timeout = Number.POSITIVE_INFINITY, grace = this.#settings.grace } = options
    const { args, transfer: ports } = packArguments(given)
    const transfer = [...ports, ...(options.transfer ?? [])]
    const future = new ThreadFuture<unknown>(error => this.#withdraw(call, error))
    const call: Call = {
      reference,
      args,
      given,
      transfer,
      future,
      timeout,
      grace,
      stream: undefined,
      thread: undefined,
    }
    if (isGenerator(reference)) call.stream = new ThreadStream(future, count => call.thread?.giveCredit(call, count))
    this.#watch(call)
    if (signal?.aborted) {
      future.setException(signal.reason)
    } else {
      if (signal) this.#abortWith(signal, call)
      this.#queue.add(call)
      this.#dispatch()
      if (this.#queue.has(call)) this.#keep(call)
    }
    return (call.stream ?? future) as ThreadCall<R>
  }

  #checkOpen() {
    if (this.#broken) throw this.#broken
    if (this.#shutdown) throw new PoolShutDownError(`the thread pool ${this.name} was shut down`)
    // As long as a thread is free, nothing waits for one.
    if (this.#queue.size < this.#settings.maxQueue) return
    throw new PoolFullError(`${this.#queue.size} calls wait for a thread of the pool ${this.name}: wait for whenRoom()`)
  }

  /** A call that waits has its arguments as they are, whatever becomes of them until it runs. */
  #keep(call: Call) {
    try {
      Object.assign(call, keepArguments(call))
    } catch (error) {
      this.#withdraw(call, error)
      call.future.setException(error)
    }
  }

  #watch({ future, reference }: Call) {
    const submitted = performance.now()
    future.onceSettled(() => this.#latency.record(performance.now() - submitted))
    traceCall({ pool: this.name, module: reference.module, name: reference.name }, future)
  }

  #withdraw(call: Call, reason: unknown): boolean {
    if (this.#queue.delete(call)) this.#room.signal()
    else call.thread?.cancel(call, reason)
    return true
  }

  #abortWith(signal: AbortSignal, call: Call) {
    const abort = () => {
      this.#withdraw(call, signal.reason)
      call.future.setException(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    call.future.onceSettled(() => signal.removeEventListener('abort', abort))
  }

  #dispatch() {
    for (const call of this.#queue) {
      const thread = this.#threads.freest()
      if (!thread) {
        if (this.#threads.isEmpty) this.#stranded.arm()
        return
      }
      this.#queue.delete(call)
      if (call.future.setRunning()) thread.run(call)
    }
    this.#room.signal()
    this.#endWhenDone()
  }

  /** Runs a call that no thread will take; see StrandedCalls. */
  #runStranded(isBlocked: boolean) {
    const [call] = this.#queue
    if (call) {
      this.#queue.delete(call)
      call.future.setRunning()
      // What needs the event loop of its thread cannot run in one that is blocked; a stream runs as it is read, and
      // nothing can end a call of this thread when its time is over.
      const { reference, timeout } = call
      const needsThread = isGenerator(reference) || timeout !== Number.POSITIVE_INFINITY
      if (needsThread || (isBlocked && !isPlain(reference))) this.#threads.start().run(call)
      else this.#runInline(call, isBlocked)
    }
    this.#dispatch()
  }

  #runInline(call: Call, isBlocked: boolean) {
    this.#inline++
    call.future.onceSettled(() => {
      this.#inline--
      this.#endWhenDone()
    })
    runInline(call, isBlocked)
  }

  /** The initializer has failed: no thread can run a call. */
  #break(cause: unknown) {
    this.#broken ??= new BrokenPoolError(`the initializer of the thread pool ${this.name} failed`, { cause })
    const waiting = [...this.#queue]
    this.#queue.clear()
    for (const { future } of waiting) future.setException(this.#broken)
    for (const thread of this.#threads) thread.fail(this.#broken)
  }

  #endWhenDone() {
    if (!this.#shutdown || this.#queue.size > 0) return
    if (this.#threads.running > 0 || this.#inline > 0) return
    void this.#threads.terminate().then(() => this.#shutdown?.resolve())
  }
}
