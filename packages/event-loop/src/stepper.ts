import { AsyncResource } from 'node:async_hooks'
import { StopIteration } from '@fosen/coroutine'
import type { CoGenerator } from './awaitable.ts'
import { cancelledError } from './cancelled-error.ts'
import type { Context } from './context/context.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { resourceOptions } from './loop/handle.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { running } from './loop/running-loop.ts'
import { suspend, suspended, suspension } from './loop/suspension.ts'
import type { Task } from './task.ts'

/**
 * Steps a coroutine from wait to wait, as a future of what it returns: a task, or what awaits a coroutine in native code.
 *
 * Invariant: one that has begun and is not done is in the loop's ready queue, or waits for the future in `waitingFor`,
 * which puts it back there.
 */
export abstract class Stepper<T> extends Future<T> implements Runnable {
  readonly #coroutine: CoGenerator<T>
  readonly #context: Context
  readonly #resource = new AsyncResource('fosen.Task', resourceOptions)
  #waitingFor: Future<unknown> | undefined
  /** A cancellation that found nothing to cancel: it is raised at the next step. */
  #mustCancel = false
  #message: string | undefined
  /** What is thrown into the coroutine at the next step, in the place of a cancellation. */
  #toThrow: { readonly error: unknown } | undefined

  constructor(coroutine: CoGenerator<T>, loop: BaseEventLoop, context: Context) {
    super({ loop })
    this.#coroutine = coroutine
    this.#context = context
  }

  /** The task that the coroutine is part of. */
  abstract get identity(): Task<unknown>

  /** What it waits for; undefined when it is in the ready queue, or done. */
  get waitingFor(): Future<unknown> | undefined {
    return this.#waitingFor
  }

  getCoro(): CoGenerator<T> {
    return this.#coroutine
  }

  getContext(): Context {
    return this.#context
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false
    if (this.#waitingFor?.cancel(message)) return true
    this.#mustCancel = true
    this.#message = message
    return true
  }

  /** For the async function of a task: a cancellation that found nothing to cancel finds what it waits for now. */
  cancelWait(future: Future<unknown>): void {
    if (this.#mustCancel && future.cancel(this.#message)) this.#mustCancel = false
  }

  /** For the loop: runs the coroutine until it waits again. */
  run(): void {
    running.task = this
    running.body = undefined
    running.context = this.#context
    this.#resource.runInAsyncScope(Stepper.#step, this)
  }

  /** Takes the first step at once, as part of what runs. */
  protected runEagerly(): void {
    const { loop, task, body, context } = running
    running.loop = this.loop
    try {
      this.run()
    } finally {
      running.loop = loop
      running.task = task
      running.body = body
      running.context = context
    }
  }

  /** Called when it is done. */
  protected abstract onEnd(): void

  /** A cancellation that has not been raised is not to be. */
  protected dropCancellation(): void {
    this.#mustCancel = false
  }

  static readonly #step = function (this: Stepper<unknown>) {
    if (this.done()) return
    const waitedFor = this.#waitingFor
    this.#waitingFor = undefined
    suspension.future = undefined
    try {
      const throws = this.#toThrow !== undefined || (this.#mustCancel && !waitedFor?.isPartOfTask)
      const step = throws ? this.#throwIn(waitedFor) : this.#coroutine.next()
      if (step.done) this.#return(step.value)
      else if (step === suspended || step.value === suspend) this.#wait()
      else this.#throwSoon(`${this.describe()} yielded ${String(step.value)}: did you mean yield* instead of yield?`)
    } catch (error) {
      this.#raise(error)
    }
  }

  #throwIn(waitedFor: Future<unknown> | undefined) {
    // Its failure was on the way to the coroutine when the cancellation took its place.
    const failure = waitedFor?.failure !== undefined ? waitedFor.exception() : undefined
    const thrown = this.#toThrow
    this.#toThrow = undefined
    if (!this.#mustCancel) return this.#coroutine.throw(thrown?.error)
    this.#mustCancel = false
    if (failure instanceof CancelledError) return this.#coroutine.throw(failure)
    return this.#coroutine.throw(
      waitedFor?.cancelled() ? waitedFor.makeCancelledError() : cancelledError(this.#message),
    )
  }

  #return(value: T) {
    // Cancelled by itself, and returned without having waited.
    if (this.#mustCancel) {
      this.#mustCancel = false
      Future.prototype.cancel.call(this, this.#message)
    } else this.finish(value)
    this.onEnd()
  }

  #raise(error: unknown) {
    if (error instanceof CancelledError) this.endCancelled(error)
    else if (error instanceof StopIteration)
      this.fail(new RuntimeError('coroutine raised StopIteration', { cause: error }))
    else this.fail(error)
    this.onEnd()
  }

  #wait() {
    const { future } = suspension
    if (!future) {
      this.loop.callSoonRunnable(this)
    } else if (future.loop !== this.loop) {
      this.#throwSoon(`${this.describe()} got a future that is attached to a different loop`)
    } else if ((future as unknown) === this.identity) {
      this.#throwSoon(`Task cannot await on itself: ${this.describe()}`)
    } else {
      this.#waitingFor = future
      future.addWaiter(this)
      if (this.#mustCancel && future.cancel(this.#message)) this.#mustCancel = false
    }
  }

  #throwSoon(message: string) {
    this.#toThrow = { error: new RuntimeError(message) }
    this.loop.callSoonRunnable(this)
  }
}
