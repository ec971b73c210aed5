import type { BaseEventLoop } from './base-event-loop.ts'
import type { Runnable } from './ready-ring.ts'
import type { TimerHeap } from './timer-heap.ts'

/**
 * A callback that a loop will call, until it is cancelled.
 *
 * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.Handle
 */
export class Handle implements Runnable {
  readonly #loop: BaseEventLoop
  #callback: ((...args: never[]) => unknown) | undefined
  #args: readonly unknown[]

  constructor(loop: BaseEventLoop, callback: (...args: never[]) => unknown, args: readonly unknown[]) {
    this.#loop = loop
    this.#callback = callback
    this.#args = args
  }

  /** The callback is not called, if it was not yet; what it would have been called with is let go. */
  cancel(): void {
    this.#callback = undefined
    this.#args = []
  }

  cancelled(): boolean {
    return this.#callback === undefined
  }

  /** For the loop: calls the callback; what it throws goes to the loop's exception handler. */
  run(): void {
    try {
      this.#callback?.(...(this.#args as never[]))
    } catch (error) {
      const name = this.#callback?.name || '(anonymous)'
      this.#loop.callExceptionHandler({ message: `Exception in callback ${name}`, error })
    }
  }
}

/** A callback that a loop will call at a time. */
export class TimerHandle extends Handle {
  readonly #when: number
  /** Timers of one time are called in the order in which they were set. */
  readonly sequence: number
  /** For the heap: the one that it is in. */
  heap: TimerHeap | undefined

  constructor(
    loop: BaseEventLoop,
    when: number,
    sequence: number,
    callback: (...args: never[]) => unknown,
    args: readonly unknown[],
  ) {
    super(loop, callback, args)
    this.#when = when
    this.sequence = sequence
  }

  override cancel(): void {
    if (this.cancelled()) return
    super.cancel()
    this.heap?.countCancelled()
  }

  /** The time, in milliseconds of the loop's clock. */
  when(): number {
    return this.#when
  }
}
