import { awaits } from './awaits.ts'
import { CancelledError } from './errors.ts'
import { Future } from './future.ts'
import { running } from './loop/running-loop.ts'
import type { Stepper } from './stepper.ts'
import type { Task } from './task.ts'

/**
 * The part of a task that is an async function, and the future of what that returns.
 *
 * `await` calls the `then` of a future or coroutine once, in the AsyncLocalStorage of the function that awaits; that is
 * how the body knows what its function waits for. Cancelling it cancels that, so the CancelledError is raised at the
 * `await`; what waits for a promise of Node's own cannot be interrupted.
 *
 * Invariant: when it is done, whoever waits for it goes on at once and not in the loop's next turn, as the function is
 * part of the task and no task of its own; unless the loop has been stopped.
 */
export class NativeBody<T> extends Future<T> {
  /** What has called the function: a task, or a coroutine that is awaited in one. */
  readonly task: Stepper<unknown>
  /** What the function awaits: more than one with `Promise.all` and its like. */
  readonly #waits = new Set<Future<unknown>>()
  /** How many of them are looked through for those that are done: not all at each, where they are many. */
  #sweepAt = 1
  #isCancelling = false

  constructor(task: Stepper<unknown>) {
    super(task)
    this.task = task
    this.loop.bodies.add(this as NativeBody<unknown>)
  }

  override get isPartOfTask(): boolean {
    return true
  }

  /** Whether what the function awaits is none of the loop's, as far as can be known. */
  get isOutside(): boolean {
    for (const wait of this.#waits) if (!wait.done()) return false
    return true
  }

  [awaits](): Iterable<Future<unknown>> {
    return [...this.#waits].filter(wait => !wait.done())
  }

  /** Calls the function up to its first `await`, as part of this. */
  enter<R>(fn: () => R): R {
    const outer = running.body
    running.body = this as NativeBody<unknown>
    try {
      return running.native.run(this as NativeBody<unknown>, fn)
    } finally {
      running.body = outer
    }
  }

  /** Ends with the promise that the function has given. */
  follow(promise: PromiseLike<T>): void {
    // A thenable that is no promise may throw, or tell of several outcomes.
    Promise.resolve(promise).then(
      value => {
        this.drop()
        if (!this.loop.isClosed()) this.finish(value)
      },
      error => {
        this.drop()
        if (!this.loop.isClosed()) return this.fail(cancellationIn(error) ?? error)
        this.loop.callExceptionHandler({ message: 'an async function failed when its loop was closed', error })
      },
    )
  }

  /** It ends without the function, which has thrown before its first `await`, or was none. */
  drop(): void {
    this.loop.bodies.delete(this as NativeBody<unknown>)
    this.loop.awaitsElse()
  }

  /** The function awaits something of the loop. */
  add(wait: Future<unknown>): void {
    if (this.#waits.size >= this.#sweepAt) this.#sweep()
    this.#waits.add(wait)
    this.loop.awaitsElse()
    if (this.#isCancelling) wait.cancel(this.task.cancelMessage)
    else if (this.task.cancelWait(wait)) this.#cancelTogether()
  }

  /** What it awaits together, as with `Promise.all`, comes one after the other, and before any of it goes on. */
  #cancelTogether() {
    this.#isCancelling = true
    queueMicrotask(() => {
      this.#isCancelling = false
    })
  }

  #sweep() {
    for (const wait of this.#waits) if (wait.done()) this.#waits.delete(wait)
    this.#sweepAt = 2 * this.#waits.size + 1
  }

  /** @returns false when there is nothing to cancel: it awaits nothing, or nothing of the loop's */
  override cancel(message?: string): boolean {
    let any = false
    for (const wait of [...this.#waits]) any = wait.cancel(message) || any
    return any
  }

  override dropCancellation(task: Task<unknown>): void {
    for (const wait of this.#waits) wait.dropCancellation(task)
  }

  protected override announce(): void {
    const [waiter] = this.waiters
    if (!waiter) return
    if (this.loop.isRunning()) this.loop.runNow(waiter)
    else this.loop.callSoonRunnable(waiter)
  }
}

/** The CancelledError that has aborted `task.signal`: most of Node's functions throw an AbortError that it is the cause of. */
function cancellationIn(error: unknown): CancelledError | undefined {
  if (!(error instanceof Error) || error.name !== 'AbortError') return undefined
  return error.cause instanceof CancelledError ? error.cause : undefined
}
