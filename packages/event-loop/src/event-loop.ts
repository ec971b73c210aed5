import type { Awaitable } from './awaitable.ts'
import { ensureFuture, isCoroutine } from './ensure-future.ts'
import { RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import { Handle, TimerHandle } from './loop/handle.ts'
import { ReadyRing, type Runnable } from './loop/ready-ring.ts'
import { withRunningLoop } from './loop/running-loop.ts'
import { TimerHeap } from './loop/timer-heap.ts'
import { type ExceptionContext, Unretrieved } from './loop/unretrieved.ts'
import { Task } from './task.ts'

/** How long the loop runs its callbacks before Node's own have their turn, in milliseconds. */
const slice = 0.25
/** How often in a row the loop may go on in a microtask, which no I/O comes between. */
const microtasks = 64
/** The longest time that setTimeout takes. */
const longest = 2 ** 31 - 1

export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void

/**
 * asyncio's event loop on top of Node's: tasks, callbacks and timers run here; promises and I/O of Node go on.
 *
 * Callbacks run in batches, in order: what a batch adds runs in the next one.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, sleep } from '@fosen/event-loop'
 *
 * const hello = coroutine(function* (name: string) {
 *   yield* sleep(10)
 *   return `hello, ${name}`
 * })
 *
 * const loop = new EventLoop()
 * console.log(await loop.runUntilComplete(hello('Fosen')))
 * loop.close()
 * ```
 * ```text
 * hello, Fosen
 * ```
 * @see https://docs.python.org/3/library/asyncio-eventloop.html
 */
export class EventLoop implements Disposable {
  readonly #ready = new ReadyRing()
  readonly #timers = new TimerHeap()
  #timersSet = 0
  #run: PromiseWithResolvers<void> | undefined
  #stopping = false
  #closed = false
  #inTick = false
  #armed = false
  #microtasks = 0
  #wakeUp: { readonly timeout: NodeJS.Timeout; readonly when: number } | undefined
  #exceptionHandler: ExceptionHandler | undefined
  /** For futures of this loop: failures that nobody has asked for. */
  readonly unretrieved = new Unretrieved(context => this.callExceptionHandler(context))

  /** The loop's clock, in milliseconds. */
  time(): number {
    return performance.now()
  }

  isRunning(): boolean {
    return this.#run !== undefined
  }

  isClosed(): boolean {
    return this.#closed
  }

  /**
   * Calls `callback` in the next batch, with `args`.
   *
   * @throws RuntimeError when the loop is closed
   */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    checkCallback(callback)
    const handle = new Handle(this, callback, args)
    this.callSoonRunnable(handle)
    return handle
  }

  /** For tasks: as `callSoon`, without a handle. */
  callSoonRunnable(entry: Runnable): void {
    this.#checkOpen()
    this.#ready.push(entry)
    this.#arm()
  }

  /**
   * Calls `callback` after `delay` milliseconds, with `args`.
   *
   * @throws RuntimeError when the loop is closed
   * @throws RangeError when `delay` is NaN
   */
  callLater<A extends unknown[]>(delay: number, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    return this.callAt(this.time() + delay, callback, ...args)
  }

  /**
   * Calls `callback` at the time `when` of the loop's clock, with `args`.
   *
   * @throws RuntimeError when the loop is closed
   * @throws RangeError when `when` is NaN
   */
  callAt<A extends unknown[]>(when: number, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    this.#checkOpen()
    checkCallback(callback)
    if (typeof when !== 'number' || Number.isNaN(when)) throw new RangeError(`a time is a number, not ${when}`)
    const timer = new TimerHandle(this, when, this.#timersSet++, callback, args)
    this.#timers.push(timer)
    if (!this.#inTick) this.#armTimer()
    return timer
  }

  createFuture<T>(): Future<T> {
    return new Future<T>({ loop: this })
  }

  /**
   * Runs a coroutine in this loop, from the next batch on.
   *
   * @param options.name by default `Task-1`, `Task-2`, …
   * @throws TypeError when it is given anything but a coroutine
   * @throws RuntimeError when the loop is closed
   */
  createTask<T>(coroutine: Awaitable<T>, options: { readonly name?: string | undefined } = {}): Task<T> {
    if (!isCoroutine<T>(coroutine)) throw new TypeError(`a coroutine is needed, not ${describe(coroutine)}`)
    this.#checkOpen()
    return new Task<T>(coroutine, { loop: this, name: options.name })
  }

  /**
   * Runs the loop until a coroutine or future is done.
   *
   * @returns what it returns; rejects with what it throws
   * @throws RuntimeError (as a rejection) when the loop runs already, is closed, or is stopped before
   */
  async runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    this.#checkNotRunning()
    const future = ensureFuture(awaitable, this)
    const stop = () => this.stop()
    future.addDoneCallback(stop)
    try {
      await this.#runUntilStopped()
    } finally {
      future.removeDoneCallback(stop)
    }
    if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.')
    return future.result()
  }

  /** Runs the loop until `stop` is called, and keeps the process alive meanwhile. */
  async runForever(): Promise<void> {
    this.#checkNotRunning()
    const alive = setInterval(() => {}, longest)
    try {
      await this.#runUntilStopped()
    } finally {
      clearInterval(alive)
    }
  }

  /** Ends the run after the current batch, or after the first batch of the next run. */
  stop(): void {
    this.#stopping = true
    this.#arm()
  }

  /**
   * Ends the use of the loop: what is scheduled does not run, and later calls are refused.
   *
   * Failures that nobody has asked for go to the exception handler.
   *
   * @throws RuntimeError when the loop is running
   */
  close(): void {
    if (this.isRunning()) throw new RuntimeError('Cannot close a running event loop')
    if (this.#closed) return
    this.#closed = true
    this.#ready.clear()
    this.#timers.clear()
    this.unretrieved.reportAll()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Sets who is told of errors that nobody can catch; undefined restores the default, which prints them. */
  setExceptionHandler(handler: ExceptionHandler | undefined): void {
    if (handler !== undefined) checkCallback(handler)
    this.#exceptionHandler = handler
  }

  /** Tells the exception handler; when that throws itself, both errors are printed. */
  callExceptionHandler(context: ExceptionContext): void {
    try {
      if (this.#exceptionHandler) this.#exceptionHandler(this, context)
      else printException(context)
    } catch (error) {
      printException({ message: 'Exception in the exception handler', error })
      printException(context)
    }
  }

  #runUntilStopped(): Promise<void> {
    this.#run = Promise.withResolvers()
    this.#arm()
    return this.#run.promise
  }

  /** Sees to it that a tick comes, when there is something for it to do. */
  #arm() {
    if (this.#armed || this.#inTick || !this.#run) return
    if (this.#ready.size === 0 && !this.#stopping) return this.#armTimer()
    this.#armed = true
    if (this.#microtasks++ < microtasks) queueMicrotask(() => this.#tick())
    else this.#armImmediate()
  }

  #armImmediate() {
    this.#armed = true
    setImmediate(() => {
      this.#microtasks = 0
      this.#tick()
    })
  }

  #armTimer() {
    const when = this.#run && this.#timers.peek()?.when()
    if (when === this.#wakeUp?.when) return
    clearTimeout(this.#wakeUp?.timeout)
    this.#wakeUp = undefined
    if (when === undefined) return
    const delay = Math.min(Math.max(Math.ceil(when - this.time()), 0), longest)
    const timeout = setTimeout(() => {
      this.#wakeUp = undefined
      this.#tick()
    }, delay)
    this.#wakeUp = { timeout, when }
  }

  #tick() {
    this.#armed = false
    if (!this.#run) return
    this.#inTick = true
    const end = this.time() + slice
    withRunningLoop(this, () => {
      do this.#batch()
      while (this.#ready.size > 0 && !this.#stopping && this.time() < end)
    })
    this.#inTick = false
    if (this.#stopping) this.#endRun()
    else if (this.#ready.size > 0) this.#armImmediate()
    else this.#armTimer()
  }

  #batch() {
    const now = this.time()
    for (let due = this.#timers.shiftDue(now); due; due = this.#timers.shiftDue(now)) this.#ready.push(due)
    for (let left = this.#ready.size; left > 0; left--) this.#ready.shift().run()
  }

  #endRun() {
    const run = this.#run
    this.#run = undefined
    this.#stopping = false
    this.#armTimer()
    run?.resolve()
  }

  #checkOpen() {
    if (this.#closed) throw new RuntimeError('Event loop is closed')
  }

  #checkNotRunning() {
    this.#checkOpen()
    if (this.isRunning()) throw new RuntimeError('This event loop is already running')
  }
}

function checkCallback(callback: unknown) {
  if (typeof callback !== 'function') throw new TypeError(`a callback is a function, not ${describe(callback)}`)
}

const describe = (value: unknown) => (value === null ? 'null' : typeof value)

function printException({ message, error }: ExceptionContext) {
  console.error(message, error)
}
