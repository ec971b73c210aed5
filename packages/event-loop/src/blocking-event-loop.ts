import { threadParker } from '@fosen/shared-memory'
import type { Awaitable } from './awaitable.ts'
import { ensureFuture } from './ensure-future.ts'
import { RuntimeError } from './errors.ts'
import type { Future } from './future.ts'
import { BaseEventLoop } from './loop/base-event-loop.ts'
import { deadlockError } from './loop/deadlock.ts'
import { findRunningLoop, withRunningLoop } from './loop/running-loop.ts'

/**
 * An event loop that blocks its thread while it runs, as Python's does: `runUntilComplete` returns the value.
 *
 * Calls of other threads come in while it waits. Promises, I/O, `setTimeout` and signal handlers of Node do not: what
 * needs them is refused at once, and belongs in an `EventLoop`.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { BlockingEventLoop, sleep } from '@fosen/event-loop'
 *
 * const hello = coroutine(function* (name: string) {
 *   yield* sleep(10)
 *   return `hello, ${name}`
 * })
 *
 * const loop = new BlockingEventLoop()
 * console.log(loop.runUntilComplete(hello('Fosen')))
 * loop.close()
 * ```
 * ```text
 * hello, Fosen
 * ```
 * @see https://docs.python.org/3/library/asyncio-eventloop.html
 */
export class BlockingEventLoop extends BaseEventLoop {
  #running = false
  #stopping = false
  protected override awake = true

  override isRunning(): boolean {
    return this.#running
  }

  /**
   * Runs the loop until a coroutine or future is done.
   *
   * @returns what it returns
   * @throws what it throws
   * @throws RuntimeError when a loop runs already in this thread, this one is closed, or is stopped before
   * @throws DeadlockError when nothing is left that could wake the loop
   */
  runUntilComplete<T>(work: Awaitable<T>): T {
    this.#checkNotRunning()
    const future = ensureFuture(work, this)
    const stop = () => this.stop()
    future.addDoneCallback(stop)
    try {
      this.#run(future as Future<unknown>)
    } finally {
      future.removeDoneCallback(stop)
    }
    if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.')
    return future.result()
  }

  /**
   * Runs the loop until `stop` is called.
   *
   * @throws DeadlockError when nothing is left that could wake the loop
   */
  runForever(): void {
    this.#checkNotRunning()
    this.#run()
  }

  #run(until?: Future<unknown>) {
    this.#running = true
    try {
      withRunningLoop(this, () => {
        do {
          if (!this.isReady && !this.#stopping) this.#park(until)
          this.runBatch()
        } while (!this.#stopping)
      })
    } finally {
      this.#running = false
      this.#stopping = false
    }
  }

  /** Ends the run after the current batch, or after the first batch of the next run. */
  stop(): void {
    this.#stopping = true
  }

  override checkTakesPromises(): never {
    throw new RuntimeError('a BlockingEventLoop blocks its thread, and no promise is settled meanwhile: use EventLoop')
  }

  protected override wake(): void {}

  /** Sleeps until the next timer, or until another thread has answered. */
  #park(until: Future<unknown> | undefined) {
    const next = this.nextTimer()
    if (next === undefined && this.outside === 0) throw deadlockError(this, until)
    const timeout = next === undefined ? undefined : Math.max(next - this.time(), 0)
    threadParker().park(() => this.isReady || this.#stopping, timeout)
  }

  #checkNotRunning() {
    this.checkOpen()
    if (this.#running) throw new RuntimeError('This event loop is already running')
    if (findRunningLoop()) throw new RuntimeError('Cannot run the event loop while another loop is running')
  }
}
