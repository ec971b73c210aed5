import type { AsyncFunction, Awaitable } from './awaitable.ts'
import { ensureFuture } from './ensure-future.ts'
import { RuntimeError } from './errors.ts'
import type { Future } from './future.ts'
import { BaseEventLoop } from './loop/base-event-loop.ts'
import { deadlockError, onDeadlock } from './loop/deadlock.ts'
import { withRunningLoop } from './loop/running-loop.ts'

/** How long the loop runs its callbacks before Node's own have their turn, in milliseconds. */
const slice = 0.1
/** How often in a row the loop may go on in a microtask, which no I/O comes between. */
const microtasks = 64
/** How many callbacks run before the clock is read. */
const batches = 256
/** The longest time that setTimeout takes. */
const longest = 2 ** 31 - 1

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
export class EventLoop extends BaseEventLoop {
  #run: PromiseWithResolvers<void> | undefined
  #stopping = false
  #armed = false
  #microtasks = 0
  #sliceEnd = 0
  #wakeUp: { readonly timeout: NodeJS.Timeout; readonly when: number } | undefined

  override isRunning(): boolean {
    return this.#run !== undefined
  }

  /**
   * Runs the loop until a coroutine, an async function or a future is done.
   *
   * @returns what it returns; rejects with what it throws
   * @throws RuntimeError (as a rejection) when the loop runs already, is closed, or is stopped before
   * @throws DeadlockError (as a rejection) when Node has nothing left to do that could wake the loop
   */
  async runUntilComplete<T>(work: Awaitable<T> | AsyncFunction<T>): Promise<T> {
    this.#checkNotRunning()
    const future = ensureFuture(work, this)
    const stop = () => this.stop()
    future.addDoneCallback(stop)
    try {
      await this.#runUntilStopped(future as Future<unknown>)
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
    if (!this.awake) this.wake()
  }

  async #runUntilStopped(until?: Future<unknown>): Promise<void> {
    this.#run = Promise.withResolvers()
    onDeadlock.set(this, () => {
      const error = deadlockError(this, until)
      this.#endRun()?.reject(error)
    })
    this.wake()
    return this.#run.promise
  }

  /** Sees to it that a tick comes, when there is something for it to do. */
  protected override wake(): void {
    if (this.#armed || !this.#run) return
    if (!this.isReady && !this.#stopping) {
      this.#armTimer()
    } else if (this.bodies.size > 0) {
      this.#armAfterMicrotasks()
    } else if (this.#microtasks++ < microtasks) {
      this.#armed = true
      queueMicrotask(() => this.#tick())
    } else {
      this.#armImmediate()
    }
  }

  #armImmediate() {
    this.#armed = true
    setImmediate(() => {
      this.#microtasks = 0
      this.#sliceEnd = 0
      this.#tick()
    })
  }

  /** Has native code that goes on at an `await` keep its place: before the next batch. */
  #armAfterMicrotasks() {
    if (this.#sliceEnd === 0) this.#sliceEnd = this.time() + slice
    else if (this.time() > this.#sliceEnd) return this.#armImmediate()
    this.#armed = true
    queueMicrotask(() => process.nextTick(() => this.#tick()))
  }

  #armTimer() {
    const when = this.#run && this.nextTimer()
    if (when === this.#wakeUp?.when) return
    clearTimeout(this.#wakeUp?.timeout)
    this.#wakeUp = undefined
    if (when === undefined) return
    const delay = Math.min(Math.max(Math.ceil(when - this.time()), 0), longest)
    const timeout = setTimeout(() => {
      this.#wakeUp = undefined
      this.#microtasks = 0
      this.#sliceEnd = 0
      // Two that were armed at a time would both go on for as long as the loop has something to do.
      if (!this.#armed) this.#tick()
    }, delay)
    this.#wakeUp = { timeout, when }
  }

  #tick() {
    this.#armed = false
    if (!this.#run) return
    this.awake = true
    try {
      withRunningLoop(this, () => this.#runSlice())
    } finally {
      // Also when something has thrown: that is uncaught, and the loop goes on.
      this.awake = false
      if (this.#stopping) this.#endRun()?.resolve()
      else if (!this.isReady) this.#armTimer()
      else if (this.bodies.size > 0) this.#armAfterMicrotasks()
      else this.#armImmediate()
    }
  }

  #runSlice() {
    const end = this.time() + slice
    for (let left = batches; this.isReady || left === batches; ) {
      const size = this.ready.size
      this.runBatch()
      if (this.#stopping || this.bodies.size > 0) return
      left -= size + 1
      if (left > 0) continue
      if (this.time() > end) return
      left = batches - 1
    }
  }

  #endRun() {
    const run = this.#run
    this.#run = undefined
    this.#stopping = false
    onDeadlock.delete(this)
    this.#armTimer()
    return run
  }

  #checkNotRunning() {
    this.checkOpen()
    if (this.isRunning()) throw new RuntimeError('This event loop is already running')
  }
}
