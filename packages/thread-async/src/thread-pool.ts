import { availableParallelism } from 'node:os'
import type { ResourceLimits } from 'node:worker_threads'
import { PoolShutDownError } from './errors.ts'
import { refuseWhileImporting } from './import-module.ts'
import { type Call, PoolThread } from './pool-thread.ts'
import { referenceOf } from './portable.ts'
import { type ThreadCall, ThreadFuture } from './thread-future.ts'
import { packArguments } from './wire/wire-arguments.ts'

export interface ThreadPoolOptions {
  /** Most threads at a time; `os.availableParallelism()` by default. */
  readonly max?: number | undefined
  /** Threads are named after it, `name-1`, `name-2`, … */
  readonly name?: string | undefined
  /** Whether the process may end while calls run; false by default. */
  readonly daemon?: boolean | undefined
  /** Limits of each thread's memory, as `worker_threads` takes them. */
  readonly resourceLimits?: ResourceLimits | undefined
}

export interface ThreadPoolStats {
  /** Calls that wait for a thread. */
  readonly queued: number
  /** Calls that a thread is running. */
  readonly running: number
  /** `utilization` is the part of a thread's life that it was busy, from 0 to 1. */
  readonly threads: readonly { readonly name: string; readonly utilization: number }[]
}

/**
 * Threads that run portable functions, each one call at a time.
 *
 * Threads start when there are calls for them, up to `max`; idle ones keep no process alive. A thread that dies fails
 * the call it ran with a WorkerCrashedError and is replaced when the next call needs it.
 *
 * @see https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor
 */
export class ThreadPool implements AsyncDisposable {
  readonly max: number
  readonly name: string
  readonly #threadOptions: { readonly daemon: boolean; readonly resourceLimits: ResourceLimits }
  readonly #threads = new Set<PoolThread>()
  readonly #idle: PoolThread[] = []
  // In the order of insertion; a call that is cancelled leaves it in constant time.
  readonly #queue = new Set<Call>()
  #started = 0
  #shutdown: PromiseWithResolvers<void> | undefined

  /** @throws RangeError when `max` is not a positive integer */
  constructor({
    max = availableParallelism(),
    name = 'fosen',
    daemon = false,
    resourceLimits = {},
  }: ThreadPoolOptions = {}) {
    if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`max must be a positive integer, not ${max}`)
    refuseWhileImporting(`the thread pool ${name} was made`)
    this.max = max
    this.name = name
    this.#threadOptions = { daemon, resourceLimits }
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
    const reference = referenceOf(fn)
    if (this.#shutdown) throw new PoolShutDownError(`the thread pool ${this.name} was shut down`)
    const packed = packArguments(args)
    const future = new ThreadFuture<unknown>(() => this.#queue.delete(call))
    const call: Call = { reference, ...packed, future }
    this.#queue.add(call)
    this.#dispatch()
    return future as ThreadCall<R>
  }

  stats(): ThreadPoolStats {
    return {
      queued: this.#queue.size,
      running: this.#threads.size - this.#idle.length,
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
    if (cancelPending) for (const { future } of this.#queue) future.cancel('the pool was shut down')
    this.#endWhenDone()
    return this.#shutdown.promise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  #dispatch() {
    for (const call of this.#queue) {
      const thread = this.#idle.pop() ?? this.#start()
      if (!thread) return
      this.#queue.delete(call)
      call.future.setRunning()
      thread.run(call)
    }
    this.#endWhenDone()
  }

  #start(): PoolThread | undefined {
    if (this.#threads.size >= this.max) return undefined
    const thread = new PoolThread({
      name: `${this.name}-${++this.#started}`,
      ...this.#threadOptions,
      onIdle: idle => {
        this.#idle.push(idle)
        this.#dispatch()
      },
      onEnd: ended => {
        this.#threads.delete(ended)
        const index = this.#idle.indexOf(ended)
        if (index >= 0) this.#idle.splice(index, 1)
        this.#dispatch()
      },
    })
    this.#threads.add(thread)
    return thread
  }

  #endWhenDone() {
    if (!this.#shutdown || this.#queue.size > 0 || this.#threads.size > this.#idle.length) return
    const ends = Array.from(this.#threads, thread => thread.terminate())
    void Promise.all(ends).then(() => this.#shutdown?.resolve())
  }
}
