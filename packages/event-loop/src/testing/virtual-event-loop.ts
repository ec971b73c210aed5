import type { Awaitable } from '../awaitable.ts'
import { ensureFuture } from '../ensure-future.ts'
import { DeadlockError, RuntimeError } from '../errors.ts'
import { BaseEventLoop } from '../loop/base-event-loop.ts'
import { withRunningLoop } from '../loop/running-loop.ts'

/** An event loop whose clock jumps to the next timer as soon as nothing else is left to do: tests do not wait. */
export class VirtualEventLoop extends BaseEventLoop {
  #now = 0
  #running = false
  #stopping = false

  override time(): number {
    return this.#now
  }

  override isRunning(): boolean {
    return this.#running
  }

  stop(): void {
    this.#stopping = true
  }

  runUntilCompleteSync<T>(awaitable: Awaitable<T>): T {
    this.checkOpen()
    if (this.#running) throw new RuntimeError('This event loop is already running')
    this.#running = true
    try {
      let future: ReturnType<typeof ensureFuture<T>> | undefined
      withRunningLoop(this, () => {
        future = ensureFuture(awaitable, this)
        future.addDoneCallback(() => this.stop())
        while (!this.#stopping) {
          if (!this.isReady) {
            const next = this.nextTimer
            if (next === undefined) throw new DeadlockError('nothing can wake the loop')
            this.#now = Math.max(this.#now, next)
          }
          this.runBatch()
        }
      })
      if (!future?.done()) throw new RuntimeError('Event loop stopped before Future completed.')
      return future.result()
    } finally {
      this.#running = false
      this.#stopping = false
    }
  }

  protected override wake(): void {}
}
