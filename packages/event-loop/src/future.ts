import type { Awaitable, Suspend } from './awaitable.ts'
import { cancelledError } from './cancelled-error.ts'
import { checkFunction, checkLoop, checkOptions } from './check-arguments.ts'
import { type Context, checkContext } from './context/context.ts'
import { describeFuture } from './describe.ts'
import { type CancelledError, InvalidStateError, RuntimeError } from './errors.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { rememberCreation } from './loop/debug.ts'
import { Handle } from './loop/handle.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { currentBody, getRunningLoop, running } from './loop/running-loop.ts'
import { suspended, suspension } from './loop/suspension.ts'
import { unretrieved } from './loop/unretrieved.ts'
import { inspected } from './repr.ts'
import type { Task } from './task.ts'

const pending = 0
const finished = 1
const failed = 2
const cancelled = 3
const states = ['pending', 'finished', 'finished', 'cancelled'] as const

interface Extra {
  promise?: PromiseWithResolvers<unknown>
  /** The token of a failure that nobody has asked for. */
  unretrieved?: symbol | undefined
}

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
  #state = pending
  /** The result, the error, or how it was cancelled: the message, or the CancelledError that a task has ended with. */
  #outcome: unknown
  /** Who is told, in this order: most often one, the task that waits. */
  #waiters: Runnable | Runnable[] | undefined
  /** What few futures have. */
  #extra: Extra | undefined

  /**
   * @throws RuntimeError when no loop is given and none is running
   * @throws TypeError when `options` is no object, or the loop is none
   */
  constructor(options?: { readonly loop?: BaseEventLoop | undefined }) {
    this.loop = options?.loop ?? defaultLoop(options)
    // A loop's is true or false: what is none is found out here, as well, by a future that is made for each wait.
    if (this.loop.debug === false) return
    checkLoop(this.loop)
    rememberCreation(this)
  }

  done(): boolean {
    return this.#state !== pending
  }

  cancelled(): boolean {
    return this.#state === cancelled
  }

  /**
   * What the future was given.
   *
   * @throws what it was failed with, CancelledError when it was cancelled, InvalidStateError while it is pending
   */
  result(): T {
    if (this.#state === finished) return this.#outcome as T
    if (this.#state === pending) throw new InvalidStateError('Result is not ready.')
    if (this.#state === cancelled) throw this.makeCancelledError()
    this._markRetrieved()
    throw this.#outcome
  }

  /**
   * What the future was failed with; undefined when it was given a result.
   *
   * @throws CancelledError when it was cancelled, InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this.#state === finished) return undefined
    if (this.#state === pending) throw new InvalidStateError('Exception is not set.')
    if (this.#state === cancelled) throw this.makeCancelledError()
    this._markRetrieved()
    return this.#outcome
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
    if (this.#state !== pending) return false
    this.#state = cancelled
    this.#outcome = message
    this.announce()
    return true
  }

  /**
   * Has the loop call back with this future when it is done, in its next turn when it is done already.
   *
   * @param options.context by default a copy of the current one
   */
  addDoneCallback(callback: Callback<T>, options?: { readonly context?: Context | undefined }): void {
    checkFunction('a callback', callback)
    if (options !== undefined) checkOptions('{ context }', options)
    checkContext(options?.context)
    this.addWaiter(new Handle(this.loop, callback, [this], options?.context))
  }

  /** @returns how many callbacks were removed: all that are `callback` */
  removeDoneCallback(callback: Callback<T>): number {
    const waiters = this.#waiters
    if (!Array.isArray(waiters)) {
      if (!isCallOf(callback, waiters)) return 0
      this.#waiters = undefined
      return 1
    }
    // In place: a future that many wait for, each for a time, would be copied for each that leaves.
    let kept = 0
    for (const waiter of waiters) if (!isCallOf(callback, waiter)) waiters[kept++] = waiter
    const removed = waiters.length - kept
    waiters.length = kept
    return removed
  }

  /**
   * For `await`. In an async function that is a task, the task waits for the future, so cancelling the task cancels it.
   *
   * Native code waits without the loop: it is told as soon as the future is done, whether or not the loop runs.
   */
  // biome-ignore lint/suspicious/noThenProperty: a future is awaited
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    const body = this.#state === pending ? currentBody() : undefined
    const refusal = body?.task.refusal(this as Future<unknown>)
    if (refusal !== undefined) return Promise.reject(new RuntimeError(refusal)).then(onFulfilled, onRejected)
    body?.add(this as Future<unknown>)
    return this.promise().then(onFulfilled, onRejected)
  }

  /** A future is its own iterator: it holds no position, a step only looks whether the future is done. */
  [Symbol.iterator](): this {
    return this
  }

  /**
   * For `yield*`: suspends the coroutine until the future is done, and then gives or throws what it has.
   *
   * @throws RuntimeError when it is pending and no task is running, or it is iterated by anything but `yield*`
   */
  next(): IteratorResult<Suspend, T> {
    if (this.#state !== pending) return { done: true, value: this.result() }
    // Who spreads or compares a future, as an iterable, would never come to an end: outside of a task, or within.
    if (running.task === undefined) throw new RuntimeError('a future is waited for in a task')
    if (suspension.future === this) throw new RuntimeError('a future is waited for by yield*')
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

  /** What `cancel` was given; as in Python, none when a task has ended with a CancelledError, which has its own. */
  get cancelMessage(): string | undefined {
    return this.#state === cancelled && typeof this.#outcome === 'string' ? this.#outcome : undefined
  }

  /** For tasks: a callback that is no function. */
  addWaiter(waiter: Runnable): void {
    const waiters = this.#waiters
    if (this.#state !== pending) this.loop.callSoonRunnable(waiter)
    else if (waiters === undefined) this.#waiters = waiter
    else if (Array.isArray(waiters)) waiters.push(waiter)
    else this.#waiters = [waiters, waiter]
  }

  /** Who is told when it is done. */
  get waiters(): readonly Runnable[] {
    const waiters = this.#waiters
    if (waiters === undefined) return []
    return Array.isArray(waiters) ? waiters : [waiters]
  }

  /** As Python's `_state`. */
  get state(): (typeof states)[number] {
    return states[this.#state] as (typeof states)[number]
  }

  /** As `exception`, but a failure stays one that nobody has asked for; undefined when it is pending or cancelled. */
  get failure(): unknown {
    return this.#state === failed ? this.#outcome : undefined
  }

  /** Whether a task that waits for it runs meanwhile, so that nothing can be thrown into its coroutine. */
  get isPartOfTask(): boolean {
    return false
  }

  /** For a task that waits for it: of what is part of the task, a cancellation that has not been raised is not to be. */
  dropCancellation(_task: Task<unknown>): void {}

  /** What it was given, or failed with, without anybody having asked; of one that was cancelled, the CancelledError. */
  get outcome(): { readonly failed: boolean; readonly value: unknown } {
    if (this.#state !== cancelled) return { failed: this.#state === failed, value: this.#outcome }
    const error = this.#outcome as CancelledError | string | undefined
    return { failed: false, value: typeof error === 'object' ? error : cancelledError(error) }
  }

  /** As Python's `repr`: `<Future finished result=3>`. */
  toString(): string {
    return describeFuture(this as Future<unknown>)
  }

  [inspected](): string {
    return this.toString()
  }

  /** The promise of it, which counts as no wait of anybody. */
  promise(): Promise<T> {
    this.#extra ??= {}
    if (!this.#extra.promise) {
      this.#extra.promise = Promise.withResolvers()
      if (this.#state !== pending) this._settlePromise(this.#extra.promise)
    }
    return this.#extra.promise.promise as Promise<T>
  }

  /** The CancelledError of a future that was cancelled, or of who waits for it. */
  makeCancelledError(): CancelledError {
    const outcome = this.#outcome
    if (this.#state !== cancelled || typeof outcome !== 'object') return cancelledError(this.cancelMessage)
    // As in Python, the error itself is for the first who asks.
    this.#outcome = undefined
    return outcome as CancelledError
  }

  protected describe(): string {
    return 'Future'
  }

  /** For who makes the result: as `setResult`, which is not everybody's to call in every kind of future. */
  protected finish(value: T): void {
    if (this.#state !== pending) this._refuse()
    this.#state = finished
    this.#outcome = value
    this.announce()
  }

  /** For who makes the result: as `setException`. */
  protected fail(error: unknown): void {
    if (this.#state !== pending) this._refuse()
    this.#state = failed
    this.#outcome = error
    const context = { message: `${this.describe()} exception was never retrieved`, error }
    this.#extra ??= {}
    this.#extra.unretrieved = unretrieved.add(this, this.loop, context)
    this.announce()
  }

  /** For a task: its coroutine has let this error out. */
  protected endCancelled(error: CancelledError): void {
    this.#state = cancelled
    this.#outcome = error
    this.announce()
  }

  /** Has everybody told that it is done. */
  protected announce(): void {
    if (this.#extra?.promise) this._settlePromise(this.#extra.promise)
    const waiters = this.#waiters
    if (waiters === undefined) return
    this.#waiters = undefined
    if (!Array.isArray(waiters)) this.loop.callSoonRunnable(waiters)
    else for (const waiter of waiters) this.loop.callSoonRunnable(waiter)
  }

  // Private methods with a # would be one field more in each future, of which there may be very many. The underscore is for
  // subclasses in JavaScript, whose methods of such names would replace them.

  private _refuse(): never {
    throw new InvalidStateError(`the future is ${this.state} already`)
  }

  private _settlePromise({ resolve, reject }: PromiseWithResolvers<unknown>) {
    if (this.#state === finished) return resolve(this.#outcome)
    if (this.#state === failed) this._markRetrieved()
    const outcome = this.#outcome
    const raised = this.#state === failed || typeof outcome === 'object'
    reject(raised ? outcome : cancelledError(outcome as string | undefined))
  }

  private _markRetrieved() {
    if (!this.#extra?.unretrieved) return
    unretrieved.delete(this.#extra.unretrieved)
    this.#extra.unretrieved = undefined
  }
}

function defaultLoop(options: { readonly loop?: BaseEventLoop | undefined } | undefined): BaseEventLoop {
  if (options === undefined) return getRunningLoop()
  checkOptions('{ loop }', options)
  if (options.loop !== undefined) checkLoop(options.loop)
  return getRunningLoop()
}

function isCallOf(callback: unknown, waiter: Runnable | undefined): boolean {
  return waiter instanceof Handle && waiter.calls(callback)
}

/** Whether a value is a future of an event loop, or a task. */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future
}
