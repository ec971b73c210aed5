import type { CoGenerator } from '../awaitable.ts'
import { RuntimeError } from '../errors.ts'
import { Future } from '../future.ts'
import { Task } from '../task.ts'
import { Handle, TimerHandle } from './handle.ts'
import { ReadyRing, type Runnable } from './ready-ring.ts'
import { TimerHeap } from './timer-heap.ts'
import { type ExceptionContext, unretrieved } from './unretrieved.ts'

export type ExceptionHandler = (loop: BaseEventLoop, context: ExceptionContext) => void

/**
 * What every event loop has: callbacks and timers in batches, tasks, and the exception handler. A host knows how to wait
 * and when to run the next batch.
 *
 * Invariant: a batch runs what was ready when it began, and then the timers that were due; what it adds is the next one.
 */
export abstract class BaseEventLoop implements Disposable {
  readonly #ready = new ReadyRing()
  readonly #timers = new TimerHeap()
  #timersSet = 0
  #closed = false
  #exceptionHandler: ExceptionHandler | undefined
  /** The tasks that are not done; they enter and leave by themselves. */
  readonly tasks = new Set<Task<unknown>>()

  /** The loop's clock, in milliseconds. */
  time(): number {
    return performance.now()
  }

  abstract isRunning(): boolean

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
    this.checkOpen()
    this.#ready.push(entry)
    this.wake()
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
    this.checkOpen()
    checkCallback(callback)
    if (typeof when !== 'number' || Number.isNaN(when)) throw new RangeError(`a time is a number, not ${when}`)
    const timer = new TimerHandle(this, when, this.#timersSet++, callback, args)
    this.#timers.push(timer)
    this.wake()
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
   * @throws RuntimeError when the loop is closed, or the coroutine has a task already
   */
  createTask<T>(coroutine: CoGenerator<T>, options: { readonly name?: string | undefined } = {}): Task<T> {
    return new Task<T>(coroutine, { loop: this, name: options.name })
  }

  /**
   * Ends the use of the loop: what is scheduled does not run, and later calls are refused.
   *
   * Failures that nobody has asked for go to the exception handler, and so does each task that is not done.
   *
   * @throws RuntimeError when the loop is running
   */
  close(): void {
    if (this.isRunning()) throw new RuntimeError('Cannot close a running event loop')
    if (this.#closed) return
    this.#closed = true
    this.#ready.clear()
    this.#timers.clear()
    unretrieved.tellAll(this)
    for (const task of this.tasks) {
      this.callExceptionHandler({ message: `Task ${task.getName()} was destroyed but it is pending!` })
    }
    this.tasks.clear()
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

  /** Called when there is something new to do. */
  protected abstract wake(): void

  /** Whether a batch has something to run without waiting for a timer. */
  protected get isReady(): boolean {
    return this.#ready.size > 0
  }

  /** The time of the earliest timer. */
  protected get nextTimer(): number | undefined {
    return this.#timers.peek()?.when()
  }

  protected runBatch(): void {
    const now = this.time()
    for (let due = this.#timers.shiftDue(now); due; due = this.#timers.shiftDue(now)) this.#ready.push(due)
    for (let left = this.#ready.size; left > 0; left--) this.#ready.shift().run()
  }

  protected checkOpen(): void {
    if (this.#closed) throw new RuntimeError('Event loop is closed')
  }
}

function checkCallback(callback: unknown) {
  if (typeof callback !== 'function') throw new TypeError(`a callback is a function, not ${describe(callback)}`)
}

const describe = (value: unknown) => (value === null ? 'null' : typeof value)

/** Cannot throw: what prints an error runs the error's own code. */
function printException(context: ExceptionContext) {
  const { message, error } = context
  try {
    if ('error' in context) console.error(message, error)
    else console.error(message)
  } catch {
    try {
      console.error(message, '(the error cannot be printed)')
    } catch {
      // There is nothing left to tell it to.
    }
  }
}
