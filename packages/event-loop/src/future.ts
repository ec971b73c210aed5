import type { Awaitable, Suspend } from './awaitable.ts'
import { CancelledError, InvalidStateError } from './errors.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { suspended, suspension } from './loop/suspension.ts'
import { unretrieved } from './loop/unretrieved.ts'

type State = 'pending' | 'finished' | 'failed' | 'cancelled'
type Callback<T> = (future: Future<T>) => void

/**
 * A result that will be there later: wait for it with `yield*` in a coroutine of the loop, or with `await`.
 *
 * It belongs to one loop, which calls its callbacks, in the order in which they were added and never at once.
 *
 * @see https://docs.python.org/3/library/asyncio-future.html#asyncio.Future
 */
export class Future<T> implements Awaitable<T>, Iterator<Suspend, T>, PromiseLike<T> {
  readonly loop: BaseEventLoop
  #state: State = 'pending'
  #value: T | undefined
  #error: unknown
  #cancelMessage: string | undefined
  #callbacks: Callback<T>[] = []
  #promise: PromiseWithResolvers<T> | undefined
  #unretrieved: symbol | undefined

  /** @throws RuntimeError when no loop is given and none is running */
  constructor({ loop = getRunningLoop() }: { loop?: BaseEventLoop | undefined } = {}) {
    this.loop = loop
  }

  done(): boolean {
    return this.#state !== 'pending'
  }

  cancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /**
   * What the future was given.
   *
   * @throws what it was failed with, CancelledError when it was cancelled, InvalidStateError while it is pending
   */
  result(): T {
    if (this.#state === 'finished') return this.#value as T
    if (this.#state === 'pending') throw new InvalidStateError('Result is not ready.')
    if (this.#state === 'cancelled') throw this.makeCancelledError()
    this.#markRetrieved()
    throw this.#error
  }

  /**
   * What the future was failed with; undefined when it was given a result.
   *
   * @throws CancelledError when it was cancelled, InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this.#state === 'pending') throw new InvalidStateError('Exception is not set.')
    if (this.#state === 'cancelled') throw this.makeCancelledError()
    this.#markRetrieved()
    return this.#error
  }

  /**
   * @throws InvalidStateError when it is done
   * @throws RuntimeError when callbacks are to be called and the loop is closed; the future has its result nevertheless
   */
  setResult(value: T): void {
    this.finish(value)
  }

  /**
   * @throws InvalidStateError when it is done
   * @throws RuntimeError when callbacks are to be called and the loop is closed; the future has its error nevertheless
   */
  setException(error: unknown): void {
    this.fail(error)
  }

  /**
   * Cancels it: who waits for it gets a CancelledError in the next turn of the loop.
   *
   * @returns false when it is done already
   */
  cancel(message?: string): boolean {
    if (this.done()) return false
    this.#cancelMessage = message
    this.#state = 'cancelled'
    this.#announce()
    return true
  }

  /** Has the loop call back with this future when it is done, in its next turn when it is done already. */
  addDoneCallback(callback: Callback<T>): void {
    if (typeof callback !== 'function') throw new TypeError(`a callback is a function, not ${typeof callback}`)
    if (this.done()) this.loop.callSoon(callback, this)
    else this.#callbacks.push(callback)
  }

  /** @returns how many callbacks were removed: all that are `callback` */
  removeDoneCallback(callback: Callback<T>): number {
    const kept = this.#callbacks.filter(each => each !== callback)
    const removed = this.#callbacks.length - kept.length
    this.#callbacks = kept
    return removed
  }

  /** Native code waits without the loop: it is told as soon as the future is done, whether or not the loop runs. */
  // biome-ignore lint/suspicious/noThenProperty: a future is awaited
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    if (!this.#promise) {
      this.#promise = Promise.withResolvers()
      if (this.done()) this.#settlePromise(this.#promise)
    }
    return this.#promise.promise.then(onFulfilled, onRejected)
  }

  /** A future is its own iterator: it holds no position, a step only looks whether the future is done. */
  [Symbol.iterator](): this {
    return this
  }

  /** For `yield*`: suspends the coroutine until the future is done, and then gives or throws what it has. */
  next(): IteratorResult<Suspend, T> {
    if (this.done()) return { done: true, value: this.result() }
    suspension.future = this as Future<unknown>
    return suspended
  }

  /** For `yield*`: an error that is thrown into the coroutine is raised where it waits. */
  throw(error: unknown): IteratorResult<Suspend, T> {
    throw error
  }

  return(value: T): IteratorResult<Suspend, T> {
    return { done: true, value }
  }

  protected makeCancelledError(): CancelledError {
    return new CancelledError(this.#cancelMessage)
  }

  protected describe(): string {
    return 'Future'
  }

  /** For who makes the result: as `setResult`, which is not everybody's to call in every kind of future. */
  protected finish(value: T): void {
    this.#checkPending()
    this.#state = 'finished'
    this.#value = value
    this.#announce()
  }

  /** For who makes the result: as `setException`. */
  protected fail(error: unknown): void {
    this.#checkPending()
    this.#state = 'failed'
    this.#error = error
    const context = { message: `${this.describe()} exception was never retrieved`, error }
    this.#unretrieved = unretrieved.add(this, this.loop, context)
    this.#announce()
  }

  #checkPending() {
    if (this.done()) throw new InvalidStateError(`the future is ${this.#state} already`)
  }

  #announce() {
    if (this.#promise) this.#settlePromise(this.#promise)
    const callbacks = this.#callbacks
    this.#callbacks = []
    for (const callback of callbacks) this.loop.callSoon(callback, this)
  }

  #settlePromise({ resolve, reject }: PromiseWithResolvers<T>) {
    try {
      resolve(this.result())
    } catch (error) {
      reject(error)
    }
  }

  #markRetrieved() {
    if (this.#unretrieved) unretrieved.delete(this.#unretrieved)
    this.#unretrieved = undefined
  }
}
