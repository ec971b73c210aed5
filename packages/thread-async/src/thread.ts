import { threadParker } from '@fosen/shared-memory'
import { checkDuration } from './check.ts'
import { isGenerator, referenceOf } from './portable.ts'
import type { ThreadFuture } from './thread-future.ts'
import { ThreadPool } from './thread-pool.ts'

export interface ThreadOptions<A extends unknown[]> {
  /** A portable function. */
  readonly target: (...args: A) => unknown
  readonly args?: NoInfer<A> | undefined
  /** Whether the process may end while the thread runs; false by default. */
  readonly daemon?: boolean | undefined
  readonly name?: string | undefined
}

/**
 * A thread that runs one function and ends.
 *
 * What the function returns is dropped; what it throws is an unhandled rejection. Use a ThreadPool for results.
 *
 * @example
 * ```ts
 * import { portable, Thread } from '@fosen/thread-async'
 *
 * const greet = portable(import.meta, function greet(name: string) {
 *   console.log(`hello ${name}`)
 * })
 *
 * if (import.meta.main) {
 *   const thread = new Thread({ target: greet, args: ['Fosen'] }).start()
 *   await thread.join()
 *   console.log(thread.isAlive())
 * }
 * ```
 * ```text
 * hello Fosen
 * false
 * ```
 * @see https://docs.python.org/3/library/threading.html#thread-objects
 */
export class Thread<A extends unknown[] = unknown[]> {
  readonly name: string
  readonly daemon: boolean
  readonly #target: (...args: A) => unknown
  readonly #args: A
  readonly #ended = Promise.withResolvers<void>()
  #state: 'new' | 'alive' | 'ended' = 'new'

  constructor({ target, args = [] as unknown[] as A, daemon = false, name = 'thread' }: ThreadOptions<A>) {
    this.#target = target
    this.#args = args
    this.daemon = daemon
    this.name = name
  }

  /**
   * Starts the thread.
   *
   * @returns this thread
   * @throws Error when it was started before
   * @throws NotPortableError when the function was not made portable; TypeError when it is a generator function
   */
  start(): this {
    if (this.#state !== 'new') throw new Error('threads can only be started once')
    if (isGenerator(referenceOf(this.#target)))
      throw new TypeError('nobody would take what a generator yields: use a pool')
    const pool = new ThreadPool({ max: 1, name: this.name, daemon: this.daemon }, { always: true })
    const future = pool.submit(this.#target, ...this.#args) as ThreadFuture<unknown>
    this.#state = 'alive'
    future.onceSettled(() => {
      this.#state = 'ended'
      void pool.shutdown().then(this.#ended.resolve)
    })
    return this
  }

  isAlive(): boolean {
    return this.#state === 'alive'
  }

  /**
   * Resolves when the thread has ended, or the time is over: `isAlive` tells which.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @throws Error (as a rejection) when it was not started
   */
  async join(timeout = Number.POSITIVE_INFINITY): Promise<void> {
    this.#checkJoin(timeout)
    if (timeout === Number.POSITIVE_INFINITY) return this.#ended.promise
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, timeout)
    await Promise.race([this.#ended.promise, promise])
    clearTimeout(timer)
  }

  /**
   * Blocks until the function has ended, or the time is over.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @returns whether it has ended
   * @throws Error when it was not started
   */
  joinSync(timeout = Number.POSITIVE_INFINITY): boolean {
    this.#checkJoin(timeout)
    return threadParker().park(() => !this.isAlive(), timeout)
  }

  #checkJoin(timeout: number) {
    if (this.#state === 'new') throw new Error('cannot join thread before it is started')
    checkDuration('timeout', timeout)
  }
}
