import { AsyncResource } from 'node:async_hooks'
import { TimeoutError, threadParker } from '@fosen/shared-memory'
import { addCaller, expectCaller, expectsCaller, rejectWithCaller } from './caller-stack.ts'
import { checkDuration } from './check.ts'
import { CancelledError, WorkerCrashedError } from './errors.ts'

type State = 'pending' | 'running' | 'finished' | 'failed' | 'cancelled'

/**
 * The result of a call in another thread: await it, ask it, or cancel it.
 *
 * A failure that nobody awaited, asked for or attached a callback to becomes an `unhandledRejection` one macrotask later.
 *
 * @see https://docs.python.org/3/library/concurrent.futures.html#future-objects
 */
export class ThreadFuture<T> implements PromiseLike<T> {
  #state: State = 'pending'
  #outcome: unknown
  #observed = false
  // Typed without T, so that a future of a narrower type is one of a wider type.
  #callbacks: (() => void)[] = []
  #promise: PromiseWithResolvers<unknown> | undefined
  readonly #withdraw: (error: CancelledError) => boolean
  readonly #isRunning: (() => boolean) | undefined

  /**
   * @param withdraw takes the call back, or tells whoever runs it; false when neither is possible
   * @param isRunning tells whether the call runs, where nobody calls `setRunning`
   */
  constructor(withdraw: (error: CancelledError) => boolean, isRunning?: () => boolean) {
    this.#withdraw = withdraw
    this.#isRunning = isRunning
  }

  /** Whether the call has returned, failed or was cancelled. */
  done(): boolean {
    return this.#state !== 'pending' && this.#state !== 'running'
  }

  /** Whether a thread is running the call. */
  running(): boolean {
    return this.#state === 'running' || (this.#state === 'pending' && this.#isRunning?.() === true)
  }

  cancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /**
   * What the call returned; blocks the thread until it is there.
   *
   * Meanwhile the event loop of this thread stands still, and only what fosen waits for arrives. It is seen within 200 ms
   * when the thread of the call dies.
   *
   * @param timeout milliseconds; by default it waits for ever. The call goes on when the time is over.
   * @throws what the call failed with; CancelledError when it was cancelled; TimeoutError when the time is over
   */
  result(timeout = Number.POSITIVE_INFINITY): T {
    this.#block(timeout)
    if (this.#state === 'finished') return this.#outcome as T
    addCaller(this.#outcome, this.result)
    throw this.#outcome
  }

  /**
   * What the call failed with; undefined when it returned. Blocks the thread as `result` does.
   *
   * @param timeout milliseconds; by default it waits for ever. The call goes on when the time is over.
   * @throws CancelledError when the call was cancelled; TimeoutError when the time is over
   */
  exception(timeout = Number.POSITIVE_INFINITY): unknown {
    this.#block(timeout)
    if (this.#state === 'cancelled') throw this.#outcome
    if (this.#state === 'finished') return undefined
    addCaller(this.#outcome, this.exception)
    return this.#outcome
  }

  /**
   * Cancels the call. One that waits for a thread is dropped. One that a thread is running is told so, see `currentCall`;
   * its thread is ended when it has not returned within its grace.
   *
   * @param reason the `cause` of the CancelledError that whoever awaits the future gets
   * @returns true when the call is cancelled, false when it is too late
   */
  cancel(reason?: unknown): boolean {
    if (this.done()) return this.cancelled()
    const error = new CancelledError('the call was cancelled', reason === undefined ? undefined : { cause: reason })
    if (!this.#withdraw(error)) return false
    this.#settle('cancelled', error)
    return true
  }

  /**
   * Calls back once, with this future, when it is done: at once when it is. The callback has the AsyncLocalStorage
   * context of who adds it; what it throws is uncaught.
   */
  addDoneCallback(callback: (future: this) => void): void {
    if (typeof callback !== 'function') throw new TypeError(`a callback is a function, not ${typeof callback}`)
    this.#observed = true
    this.onceSettled(AsyncResource.bind(callback))
  }

  /** For who runs the call: as `addDoneCallback`, but a failure that only this has seen counts as seen by nobody. */
  onceSettled(callback: (future: this) => void): void {
    if (this.done()) callSafely(() => callback(this))
    else this.#callbacks.push(() => callback(this))
  }

  // biome-ignore lint/suspicious/noThenProperty: a future is awaited
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    this.#observed = true
    // Made when first asked for: most futures of a burst of calls are awaited after they are done, or never.
    // A failure that nobody has got with his stack is rejected anew.
    if (!this.#promise || (this.#state === 'failed' && expectsCaller(this.#outcome))) {
      this.#promise = Promise.withResolvers()
      if (this.done()) this.#settlePromise(this.#promise)
    }
    return (this.#promise.promise as Promise<T>).then(onFulfilled, onRejected)
  }

  /** How the call has ended, without counting as having been asked; undefined while it has not. */
  peek(): PromiseSettledResult<T> | undefined {
    if (!this.done()) return undefined
    if (this.#state === 'finished') return { status: 'fulfilled', value: this.#outcome as T }
    return { status: 'rejected', reason: this.#outcome }
  }

  /** For who runs the call: it has begun, and can be withdrawn only by whoever runs it. False when it was cancelled. */
  setRunning(): boolean {
    if (this.#state === 'pending') this.#state = 'running'
    return this.#state === 'running'
  }

  /** For who runs the call: it returned. Nothing happens when the future is done. */
  setResult(value: T): void {
    if (!this.done()) this.#settle('finished', value)
  }

  /** For who runs the call: it failed. Nothing happens when the future is done. */
  setException(error: unknown): void {
    if (this.done()) return
    // These are made in the event loop, where nothing of the caller is seen.
    if (error instanceof WorkerCrashedError || error instanceof TimeoutError) expectCaller(error)
    this.#settle('failed', error)
    if (!this.#observed) setImmediate(() => this.#observed || void Promise.reject(error))
  }

  #block(timeout: number) {
    checkDuration('timeout', timeout)
    this.#observed = true
    if (this.done() || threadParker().park(() => this.done(), timeout)) return
    throw new TimeoutError(`the call was not done within ${timeout} ms`)
  }

  #settle(state: State, outcome: unknown) {
    this.#state = state
    this.#outcome = outcome
    if (this.#promise) this.#settlePromise(this.#promise)
    const callbacks = this.#callbacks
    this.#callbacks = []
    for (const callback of callbacks) callSafely(callback)
  }

  #settlePromise({ resolve, reject }: PromiseWithResolvers<unknown>) {
    if (this.#state === 'finished') resolve(this.#outcome)
    else if (expectsCaller(this.#outcome)) resolve(rejectWithCaller(this.#outcome))
    else reject(this.#outcome)
  }
}

/** What a callback throws is uncaught, and keeps nobody else from being called. */
function callSafely(callback: () => void) {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
