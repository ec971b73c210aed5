import { availableParallelism } from 'node:os'
import type { ResourceLimits, Transferable } from 'node:worker_threads'
import { checkCount, checkDuration } from './check.ts'
import { PoolShutDownError } from './errors.ts'
import { refuseWhileImporting } from './import-module.ts'
import { type Call, PoolThread } from './pool-thread.ts'
import { isGenerator, referenceOf } from './portable.ts'
import type { ThreadCall } from './thread-call.ts'
import { ThreadFuture } from './thread-future.ts'
import { ThreadStream } from './thread-stream.ts'
import { packArguments } from './wire/wire-arguments.ts'

export interface ThreadPoolOptions {
  /** Most threads at a time; `os.availableParallelism()` by default. */
  readonly max?: number | undefined
  /** Calls at a time in one thread; 1 by default. More pay for functions that await. */
  readonly concurrency?: number | undefined
  /** Milliseconds that a cancelled call may go on running before its thread is ended; 1000 by default. */
  readonly grace?: number | undefined
  /** Threads are named after it, `name-1`, `name-2`, … */
  readonly name?: string | undefined
  /** Whether the process may end while calls run; false by default. */
  readonly daemon?: boolean | undefined
  /** Limits of each thread's memory, as `worker_threads` takes them. */
  readonly resourceLimits?: ResourceLimits | undefined
}

/** What a single call may be told. */
export interface CallOptions {
  /** Cancels the call: it fails with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds that the call may run in its thread: then it fails with a TimeoutError, and is cancelled. */
  readonly timeout?: number | undefined
  /** As the pool's, for this call. */
  readonly grace?: number | undefined
  /** What is moved to the thread instead of being cloned, such as an ArrayBuffer; it must be among the arguments. */
  readonly transfer?: readonly Transferable[] | undefined
}

export interface ThreadPoolStats {
  /** Calls that wait for a thread. */
  readonly queued: number
  /** Calls that a thread is running, cancelled ones that have not ended included. */
  readonly running: number
  /** `utilization` is the part of a thread's life that it was busy, from 0 to 1. */
  readonly threads: readonly { readonly name: string; readonly utilization: number }[]
}

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
  readonly #grace: number
  readonly #threadOptions: {
    readonly daemon: boolean
    readonly concurrency: number
    readonly resourceLimits: ResourceLimits
  }
  readonly #threads = new Set<PoolThread>()
  // In the order of insertion; a call that is cancelled leaves it in constant time.
  readonly #queue = new Set<Call>()
  #started = 0
  #shutdown: PromiseWithResolvers<void> | undefined

  /** @throws RangeError when `max` or `concurrency` is not a positive integer, or `grace` no number of milliseconds */
  constructor(options: ThreadPoolOptions = {}) {
    const { max = availableParallelism(), concurrency = 1, grace = 1000, name = 'fosen' } = options
    const { daemon = false, resourceLimits = {} } = options
    checkCount('max', max)
    checkCount('concurrency', concurrency)
    checkDuration('grace', grace)
    refuseWhileImporting(`the thread pool ${name} was made`)
    this.max = max
    this.name = name
    this.#grace = grace
    this.#threadOptions = { daemon, concurrency, resourceLimits }
  }

  /**
   * Runs a portable function in a thread.
   *
   * Arguments and result are cloned; shared memory and shareable objects pass by reference, ports are transferred.
   * A value that cannot be cloned fails the call.
   *
   * @throws NotPortableError when `fn` was not made portable
   * @throws PoolShutDownError after `shutdown`
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
    const { signal, timeout = 0, grace = 0 } = options
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError('signal must be an AbortSignal')
    checkDuration('timeout', timeout)
    checkDuration('grace', grace)
    return { submit: (fn, ...args) => this.#submit(fn, args, options) }
  }

  /**
   * Runs a portable function on each value, and yields the results in the order of the values.
   *
   * Values are taken from the iterable no further ahead than `lookAhead` calls, so it may be endless. The first error
   * ends the iteration; that, and leaving it early, cancels the calls that are under way.
   *
   * @param options.lookAhead calls at a time, counting those that wait for a thread; twice `max` by default
   * @throws as `submit`, in the iteration
   */
  async *map<T, R>(
    fn: (value: T) => R,
    values: Iterable<T> | AsyncIterable<T>,
    { lookAhead = 2 * this.max }: { readonly lookAhead?: number | undefined } = {},
  ): AsyncGenerator<Awaited<R>, void, undefined> {
    checkCount('lookAhead', lookAhead)
    const ahead: ThreadFuture<unknown>[] = []
    try {
      for await (const value of values) {
        const future = this.submit(fn, value) as ThreadFuture<unknown>
        // One that fails early is seen when its turn comes, or not at all if the iteration ends before.
        future.addDoneCallback(() => {})
        ahead.push(future)
        if (ahead.length >= lookAhead) yield (await ahead.shift()) as Awaited<R>
      }
      while (ahead.length > 0) yield (await ahead.shift()) as Awaited<R>
    } finally {
      for (const future of ahead) future.cancel('the iteration has ended')
    }
  }

  stats(): ThreadPoolStats {
    const threads = [...this.#threads]
    return {
      queued: this.#queue.size,
      running: threads.reduce((sum, { running }) => sum + running, 0),
      threads: threads.map(({ name, utilization }) => ({ name, utilization })),
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
    if (cancelPending) for (const { future } of this.#queue) future.cancel('the pool was shut down')
    this.#endWhenDone()
    return this.#shutdown.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  #submit<A extends unknown[], R>(fn: (...args: A) => R, given: A, options: CallOptions): ThreadCall<R> {
    const reference = referenceOf(fn)
    if (this.#shutdown) throw new PoolShutDownError(`the thread pool ${this.name} was shut down`)
    const { signal, timeout = Number.POSITIVE_INFINITY, grace = this.#grace } = options
    const packed = packArguments(given)
    const transfer = [...packed.transfer, ...(options.transfer ?? [])]
    const future = new ThreadFuture<unknown>(error => this.#withdraw(call, error))
    const args = packed.args
    const call: Call = { reference, args, transfer, future, timeout, grace, stream: undefined, thread: undefined }
    if (isGenerator(reference)) call.stream = new ThreadStream(future, count => call.thread?.giveCredit(call, count))
    if (signal?.aborted) {
      future.setException(signal.reason)
    } else {
      if (signal) this.#abortWith(signal, call)
      this.#queue.add(call)
      this.#dispatch()
    }
    return (call.stream ?? future) as ThreadCall<R>
  }

  #withdraw(call: Call, reason: unknown): boolean {
    if (!this.#queue.delete(call)) call.thread?.cancel(call, reason)
    return true
  }

  #abortWith(signal: AbortSignal, call: Call) {
    const abort = () => {
      call.future.setException(signal.reason)
      this.#withdraw(call, signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    call.future.onceSettled(() => signal.removeEventListener('abort', abort))
  }

  #dispatch() {
    for (const call of this.#queue) {
      const thread = this.#freest()
      if (!thread) return
      this.#queue.delete(call)
      call.future.setRunning()
      thread.run(call)
    }
    this.#endWhenDone()
  }

  /** An idle thread, or else a new one, or else the one that runs the fewest calls; undefined when none has room. */
  #freest(): PoolThread | undefined {
    let freest: PoolThread | undefined
    for (const thread of this.#threads) {
      if (thread.hasRoom && !(freest && freest.running <= thread.running)) freest = thread
    }
    if (freest?.running === 0 || this.#threads.size >= this.max) return freest
    return this.#start()
  }

  #start(): PoolThread {
    const thread = new PoolThread({
      ...this.#threadOptions,
      name: `${this.name}-${++this.#started}`,
      onRoom: () => this.#dispatch(),
      onEnd: ended => {
        this.#threads.delete(ended)
        this.#dispatch()
      },
    })
    this.#threads.add(thread)
    return thread
  }

  #endWhenDone() {
    if (!this.#shutdown || this.#queue.size > 0) return
    const threads = [...this.#threads]
    if (threads.some(({ running }) => running > 0)) return
    void Promise.all(threads.map(thread => thread.terminate())).then(() => this.#shutdown?.resolve())
  }
}
