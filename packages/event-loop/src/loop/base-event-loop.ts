import type { AsyncFunction, CoGenerator } from '../awaitable.ts'
import { checkFunction, checkOptions } from '../check-arguments.ts'
import { RuntimeError } from '../errors.ts'
import { Future } from '../future.ts'
import type { NativeBody } from '../native-body.ts'
import { inspected, repr } from '../repr.ts'
import { checkIsCalled, runBody } from '../run-body.ts'
import { shown } from '../shown.ts'
import { Task, type TaskOptions } from '../task.ts'
import { ExecutorLoop } from './executor-loop.ts'
import { Handle, TimerHandle } from './handle.ts'
import { ReadyRing, type Runnable } from './ready-ring.ts'
import { withRunningLoop } from './running-loop.ts'
import { TaskList } from './task-list.ts'
import { type Timer, TimerHeap } from './timer-heap.ts'
import { unretrieved } from './unretrieved.ts'

/** Makes the task of a coroutine, in the place of `new Task`. */
export type TaskFactory = <T>(loop: BaseEventLoop, coroutine: CoGenerator<T>, options: TaskOptions) => Task<T>

/**
 * What every event loop has: callbacks and timers in batches, tasks, and the exception handler. A host knows how to wait
 * and when to run the next batch.
 *
 * Invariant: a batch runs what was ready when it began, and then the timers that were due; what it adds is the next one.
 */
export abstract class BaseEventLoop extends ExecutorLoop implements Disposable {
  readonly #ready = new ReadyRing()
  readonly #timers = new TimerHeap(() => {
    // Who waits for it is not to wait on, as nothing else may come: that is a deadlock to be told of.
    if (!this.awake) this.wake()
  })
  #closed = false
  /** Of most tasks: one object for all of them. */
  readonly #taskOptions = { loop: this }
  #taskFactory: TaskFactory | undefined
  /** Whether what becomes ready is looked at without `wake`. */
  protected awake = false
  /** The tasks that are not done; they enter and leave by themselves. */
  readonly tasks = new TaskList()
  /** The async functions that are parts of tasks, and have not returned. */
  readonly bodies = new Set<NativeBody<unknown>>()
  /** As `getDebug`. */
  debug = Boolean(process.env.FOSEN_DEBUG)
  /** In debug mode, callbacks and steps of tasks that take longer than this are told of; in milliseconds. */
  slowCallbackDuration = 100
  /** How many futures are waited for that something outside of the loop makes done. */
  outside = 0

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
    checkFunction('a callback', callback)
    const handle = new Handle(this, callback, args)
    this.callSoonRunnable(handle)
    return handle
  }

  /** As `callSoon`: whatever calls it in this thread wakes the loop. For a loop in another thread, see LoopThread. */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.callSoon(callback, ...args)
  }

  /** For tasks: as `callSoon`, without a handle. */
  callSoonRunnable(entry: Runnable): void {
    if (this.#closed) this.checkOpen()
    this.#ready.push(entry)
    if (!this.awake) this.wake()
  }

  /**
   * Calls `callback` after `delay` milliseconds, with `args`.
   *
   * @throws RuntimeError when the loop is closed
   * @throws RangeError when `delay` is NaN
   */
  callLater<A extends unknown[]>(delay: number, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    if (typeof delay !== 'number') throw new RangeError(`a delay is a number of milliseconds, not ${shown(delay)}`)
    return this.callAt(this.time() + delay, callback, ...args)
  }

  /**
   * Calls `callback` at the time `when` of the loop's clock, with `args`.
   *
   * @throws RuntimeError when the loop is closed
   * @throws RangeError when `when` is NaN
   */
  callAt<A extends unknown[]>(when: number, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    checkFunction('a callback', callback)
    if (typeof when !== 'number' || Number.isNaN(when)) {
      throw new RangeError(`a time is a number, not ${shown(when)}`)
    }
    const timer = new TimerHandle(this, when, callback, args)
    this.addTimer(timer, when)
    return timer
  }

  /** For `callAt` and `sleep`. */
  addTimer(timer: Timer, when: number): void {
    this.checkOpen()
    this.#timers.push(timer, when)
    if (!this.awake) this.wake()
  }

  createFuture<T>(): Future<T> {
    return new Future<T>({ loop: this })
  }

  /**
   * Runs a coroutine, or an async function, in this loop, from the next batch on.
   *
   * @throws TypeError when it is given anything else, or `options` is no object
   * @throws RuntimeError when the loop is closed, or the coroutine has a task already
   */
  createTask<T>(work: CoGenerator<T> | AsyncFunction<T>, options?: TaskOptions): Task<T> {
    if (options !== undefined) checkOptions('{ name, context, eagerStart }', options)
    const coroutine = typeof work === 'function' ? coroutineOf(work) : work
    this.checkOpen()
    if (this.#taskFactory) return this.#taskFactory(this, coroutine, options ?? {})
    return new Task<T>(coroutine, options === undefined ? this.#taskOptions : { ...options, loop: this })
  }

  /** Sets what makes the tasks, such as `eagerTaskFactory`; undefined restores the default. */
  setTaskFactory(factory: TaskFactory | undefined): void {
    if (factory !== undefined) checkFunction('a task factory', factory)
    this.#taskFactory = factory
  }

  getTaskFactory(): TaskFactory | undefined {
    return this.#taskFactory
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
      this.callExceptionHandler({ message: 'Task was destroyed but it is pending!', task })
    }
    this.tasks.clear()
    this.bodies.clear()
    this.closeDefaultExecutor()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /**
   * Turns debug mode on or off: what is made from then on knows where; callbacks that take longer than
   * `slowCallbackDuration` are told of, and so is a task that returns although it was cancelled. At first it is on when
   * the environment has FOSEN_DEBUG, which also tells of coroutines that nobody has awaited.
   *
   * @see https://docs.python.org/3/library/asyncio-dev.html#debug-mode
   */
  setDebug(enabled: boolean): void {
    this.debug = Boolean(enabled)
  }

  getDebug(): boolean {
    return this.debug
  }

  /** As Python's `repr`: `<EventLoop running=false closed=false debug=false>`. */
  override toString(): string {
    return repr(this, `running=${this.isRunning()} closed=${this.#closed} debug=${this.debug}`)
  }

  [inspected](): string {
    return this.toString()
  }

  /** Called when there is something new to do, and the loop is not awake. */
  protected abstract wake(): void

  /** @throws RuntimeError when the loop blocks its thread while it waits, so that no promise would be settled */
  checkTakesPromises(): void {}

  /** For what Node has brought: runs at once what the loop would run in its next batch. */
  runNow(entry: Runnable): void {
    withRunningLoop(this, () => entry.run())
  }

  /** For async functions: one has ended, or waits for something else, and nothing need have become ready by that. */
  awaitsElse(): void {}

  /** Whether a batch has something to run without waiting for a timer. */
  protected get isReady(): boolean {
    return this.#ready.size > 0
  }

  /** Before a wait: the time of the earliest timer; undefined when there is none, or its time never comes. */
  protected nextTimer(): number | undefined {
    this.#ready.shrink()
    const when = this.#timers.nextTime()
    return when === Number.POSITIVE_INFINITY ? undefined : when
  }

  /** Before a batch: what is ready, and due, in the order in which it is run. */
  protected get ready(): ReadyRing {
    return this.#ready
  }

  /** Has `withRunningLoop` around it. */
  protected runBatch(): void {
    const ready = this.#ready
    if (this.#timers.size > 0) {
      const now = this.time()
      for (let due = this.#timers.shiftDue(now); due; due = this.#timers.shiftDue(now)) ready.push(due)
    }
    if (this.debug) this.#runTimed(ready.size)
    else for (let left = ready.size; left > 0; left--) ready.shift()?.run()
  }

  #runTimed(count: number) {
    for (let left = count; left > 0; left--) {
      const entry = this.#ready.shift()
      const start = performance.now()
      entry?.run()
      const duration = performance.now() - start
      if (duration < this.slowCallbackDuration) continue
      console.warn(`Executing ${String(entry)} took ${(duration / 1000).toFixed(3)} seconds`)
    }
  }

  protected checkOpen(): void {
    if (this.#closed) throw new RuntimeError('Event loop is closed')
  }
}

function coroutineOf<T>(fn: AsyncFunction<T>): CoGenerator<T> {
  checkIsCalled(fn, 'createTask')
  return runBody<[], T>(fn)
}
