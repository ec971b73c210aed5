import { leaveToLoop, StopIteration } from '@fosen/coroutine'
import type { CoGenerator } from './awaitable.ts'
import { cancelledError } from './cancelled-error.ts'
import { Context } from './context/context.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import { Interruption } from './interruption.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { running } from './loop/running-loop.ts'
import { Submission } from './loop/submission.ts'
import { suspend, suspended, suspension } from './loop/suspension.ts'
import type { Task } from './task.ts'

/** The name by which a call stack shows what resumes a coroutine: below it is the loop. Bundling leaves it as it is. */
export const stepName = 'step of a task (fosen)'

/**
 * Steps a coroutine from wait to wait, as a future of what it returns: a task, or what awaits a coroutine in native code.
 *
 * Invariant: one that has begun and is not done is in the loop's ready queue, or waits for the future in `waitingFor`,
 * which puts it back there.
 */
export abstract class Stepper<T> extends Future<T> implements Runnable {
  readonly #coroutine: CoGenerator<T>
  /** Made when it is needed, if it is a copy of an empty one. */
  #context: Context | undefined
  readonly #resource = new Submission('fosen.Task')
  #waitingFor: Future<unknown> | undefined
  /** Few are ever cancelled. */
  #interruption: Interruption | undefined

  constructor(coroutine: CoGenerator<T>, loop: BaseEventLoop, context: Context | undefined) {
    super({ loop })
    this.#coroutine = coroutine
    leaveToLoop(coroutine)
    this.#context = context
  }

  /** The task that the coroutine is part of. */
  abstract get identity(): Task<unknown>

  protected get interruption(): Interruption {
    this.#interruption ??= new Interruption()
    return this.#interruption
  }

  /** As `interruption`; undefined when there was none. */
  protected get interruptionSoFar(): Interruption | undefined {
    return this.#interruption
  }

  /** What it waits for; undefined when it is in the ready queue, or done. */
  get waitingFor(): Future<unknown> | undefined {
    return this.#waitingFor
  }

  getCoro(): CoGenerator<T> {
    return this.#coroutine
  }

  /** As in Python it stays when the coroutine has swallowed the cancellation. */
  override get cancelMessage(): string | undefined {
    return this.cancelled() ? super.cancelMessage : this.#interruption?.message
  }

  getContext(): Context {
    this.#context ??= new Context()
    return this.#context
  }

  /** As `getContext`; undefined when nobody has asked for it, and it is empty. */
  findContext(): Context | undefined {
    return this.#context
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false
    if (!this.#waitingFor?.cancel(message)) this.interrupt(message)
    return true
  }

  /** Has it raise a CancelledError where it waits next. */
  interrupt(message: string | undefined): void {
    const { interruption } = this
    interruption.cancels = true
    interruption.message = message
  }

  /** Why it cannot wait for a future, if it cannot. */
  refusal(future: Future<unknown>): string | undefined {
    if (future.loop !== this.loop) return `${this} got a future that is attached to a different loop`
    if ((future as unknown) === this.identity) return `Task cannot await on itself: ${this}`
    return undefined
  }

  /**
   * For the async function of a task: a cancellation that found nothing to cancel finds what it waits for now.
   *
   * @returns whether there was one
   */
  cancelWait(future: Future<unknown>): boolean {
    const interruption = this.#interruption
    if (!interruption?.cancels || !future.cancel(interruption.message)) return false
    interruption.cancels = false
    return true
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

  /** Called when it has returned a value, and was cancelled since it waited last. */
  protected endInterrupted(_value: T, message: string | undefined): void {
    Future.prototype.cancel.call(this, message)
  }

  /** Called when it is done. */
  protected abstract onEnd(): void

  /** A cancellation of `task` that has not been raised is not to be: not here, nor in what an async function awaits. */
  override dropCancellation(task: Task<unknown>): void {
    if (this.identity !== task) return
    if (this.#interruption) this.#interruption.cancels = false
    this.#waitingFor?.dropCancellation(task)
  }

  static readonly #step = named(stepName, function (this: Stepper<unknown>) {
    if (this.done()) return
    const waitedFor = this.#waitingFor
    this.#waitingFor = undefined
    suspension.future = undefined
    try {
      const interruption = this.#interruption
      const step =
        interruption !== undefined && isDue(interruption) && !waitedFor?.isPartOfTask
          ? this.#coroutine.throw(this._errorOf(interruption, waitedFor))
          : this.#coroutine.next()
      if (step.done) this._endWith(step.value)
      else if (step === suspended || step.value === suspend) this._waitOn()
      else this._throwSoon(`${this} yielded ${String(step.value)}: did you mean yield* instead of yield?`)
    } catch (error) {
      this._failWith(error)
    }
  })

  private _errorOf(interruption: Interruption, waitedFor: Future<unknown> | undefined): unknown {
    const { cancels, refusal } = interruption
    interruption.cancels = false
    interruption.refusal = undefined
    if (!cancels) return refusal
    if (waitedFor?.cancelled()) return waitedFor.makeCancelledError()
    // Its failure was on the way to the coroutine when the cancellation took its place.
    const failure = waitedFor?.failure === undefined ? undefined : waitedFor.exception()
    return failure instanceof CancelledError ? failure : cancelledError(interruption.message)
  }

  private _endWith(value: T) {
    const interruption = this.#interruption
    if (interruption?.cancels) this.endInterrupted(value, interruption.message)
    else this.finish(value)
    this.onEnd()
  }

  private _failWith(error: unknown) {
    if (error instanceof CancelledError) this.endCancelled(error)
    else if (error instanceof StopIteration)
      this.fail(new RuntimeError('coroutine raised StopIteration', { cause: error }))
    else this.fail(error)
    this.onEnd()
  }

  private _waitOn() {
    const { future } = suspension
    if (!future) return this.loop.callSoonRunnable(this)
    suspension.future = undefined
    const refusal = this.refusal(future)
    if (refusal !== undefined) return this._throwSoon(refusal)
    this.#waitingFor = future
    future.addWaiter(this)
    if (this.#interruption !== undefined) this.cancelWait(future)
  }

  private _throwSoon(message: string) {
    this.interruption.refusal = new RuntimeError(message)
    this.loop.callSoonRunnable(this)
  }
}

function named<F extends (...args: never[]) => unknown>(name: string, fn: F): F {
  return Object.defineProperty(fn, 'name', { value: name })
}

const isDue = ({ cancels, refusal }: Interruption) => cancels || refusal !== undefined
