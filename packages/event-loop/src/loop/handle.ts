import type { Context } from '../context/context.ts'
import { snapshotContext } from '../context/context.ts'
import { describeHandle } from '../describe.ts'
import { inspected } from '../repr.ts'
import type { BaseEventLoop } from './base-event-loop.ts'
import { rememberCreation } from './debug.ts'
import type { Runnable } from './ready-ring.ts'
import { running } from './running-loop.ts'
import { Submission } from './submission.ts'
import type { Timer, TimerHeap } from './timer-heap.ts'

// biome-ignore lint/suspicious/noExplicitAny: a callback is called with the arguments that came with it
type Callback = (...args: any[]) => unknown

/**
 * A callback that a loop will call, until it is cancelled.
 *
 * It is called in the context, and with the AsyncLocalStorage, of where it was made.
 *
 * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.Handle
 */
export class Handle extends Submission implements Runnable {
  readonly #loop: BaseEventLoop
  #callback: Callback | undefined
  #args: readonly unknown[]
  readonly #context: Context | undefined

  constructor(
    loop: BaseEventLoop,
    callback: Callback,
    args: readonly unknown[],
    context: Context | undefined = snapshotContext(),
  ) {
    super('fosen.Handle')
    this.#loop = loop
    this.#callback = callback
    this.#args = args
    this.#context = context
    if (loop.debug) rememberCreation(this)
  }

  /** The callback is not called, if it was not yet; what it would have been called with is let go. */
  cancel(): void {
    this.#callback = undefined
    this.#args = []
  }

  cancelled(): boolean {
    return this.#callback === undefined
  }

  /** What it calls, for who prints it. */
  get call(): string {
    return `${this.#callback?.name || '(anonymous)'}()`
  }

  /** As Python's `repr`: `<Handle work(1)>`. */
  override toString(): string {
    return describeHandle(this, this.#callback, this.#args)
  }

  [inspected](): string {
    return this.toString()
  }

  /** Whether it calls `callback`. */
  calls(callback: unknown): boolean {
    return this.#callback === callback
  }

  /** For the loop: calls the callback; what it throws goes to the loop's exception handler. */
  run(): void {
    const callback = this.#callback
    if (callback === undefined) return
    running.task = undefined
    running.body = undefined
    running.context = this.#context
    const args = this.#args
    try {
      if (args.length === 0) this.runInAsyncScope(callback)
      else if (args.length === 1) this.runInAsyncScope(callback, undefined, args[0])
      else this.runInAsyncScope(callback, undefined, ...args)
    } catch (error) {
      this.#loop.callExceptionHandler(failure(this, callback, error))
    }
  }
}

function failure(handle: Handle, { name }: Callback, error: unknown) {
  return { message: `Exception in callback ${name || '(anonymous)'}`, error, handle }
}

/** A callback that a loop will call at a time. */
export class TimerHandle extends Handle implements Timer {
  readonly #when: number
  heap: TimerHeap | undefined

  constructor(loop: BaseEventLoop, when: number, callback: Callback, args: readonly unknown[]) {
    super(loop, callback, args)
    this.#when = when
  }

  override cancel(): void {
    if (this.cancelled()) return
    super.cancel()
    this.heap?.countCancelled(this)
  }

  /** The time, in milliseconds of the loop's clock. */
  when(): number {
    return this.#when
  }
}
