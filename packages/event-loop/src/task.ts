import type { CoGenerator } from './awaitable.ts'
import { isCoroutine } from './ensure-future.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { enterTask, leaveTask } from './loop/running-loop.ts'
import { suspend, suspension } from './loop/suspension.ts'

let created = 0
/** Marks a coroutine that has a task. A WeakSet of them would cost several times what a task does. */
const taken = Symbol.for('fosen.task/taken')

/**
 * A coroutine that a loop runs; also the future of what it returns.
 *
 * Invariant: a task that is not done is in the loop's ready queue, or waits for the future in `#waitingFor`, whose
 * callback puts it back there.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.Task
 */
export class Task<T> extends Future<T> implements Runnable {
  readonly #coroutine: CoGenerator<T>
  readonly #name: string
  #waitingFor: Future<unknown> | undefined
  /** A cancellation that found nothing to cancel: it is raised at the next step. */
  #mustCancel = false
  #message: string | undefined
  #cancelRequests = 0
  /** What is thrown into the coroutine at the next step, in the place of a cancellation. */
  #toThrow: { readonly error: unknown } | undefined

  /** As `loop.createTask`, which is the way to make one. */
  constructor(coroutine: CoGenerator<T>, { loop, name }: { loop: BaseEventLoop; name?: string | undefined }) {
    if (!isCoroutine<T>(coroutine)) {
      throw new TypeError(`a coroutine is needed, not ${coroutine === null ? 'null' : typeof coroutine}`)
    }
    const marked = coroutine as { [taken]?: true }
    if (marked[taken]) throw new RuntimeError('cannot reuse already awaited coroutine: it has a task')
    super({ loop })
    this.#coroutine = coroutine
    this.#name = name ?? `Task-${++created}`
    loop.callSoonRunnable(this)
    loop.tasks.add(this as Task<unknown>)
    marked[taken] = true
  }

  getName(): string {
    return this.#name
  }

  /**
   * Has a CancelledError thrown into the coroutine where it waits, in the next turn of the loop.
   *
   * The coroutine may catch it, clean up, or go on. A coroutine that has not begun never runs.
   *
   * @returns false when the task is done already
   */
  override cancel(message?: string): boolean {
    if (this.done()) return false
    this.#cancelRequests++
    if (this.#waitingFor?.cancel(message)) return true
    this.#mustCancel = true
    this.#message = message
    return true
  }

  /** How often `cancel` was called, less the calls of `uncancel`. */
  cancelling(): number {
    return this.#cancelRequests
  }

  /**
   * Takes one `cancel` back, for who has caught its CancelledError; at 0, one that was not raised yet is not raised.
   *
   * @returns how many are left
   */
  uncancel(): number {
    if (this.#cancelRequests > 0 && --this.#cancelRequests === 0) this.#mustCancel = false
    return this.#cancelRequests
  }

  /** @throws RuntimeError always: the result is what the coroutine returns */
  override setResult(_value: T): never {
    throw new RuntimeError('Task does not support set_result operation')
  }

  /** @throws RuntimeError always: the error is what the coroutine throws */
  override setException(_error: unknown): never {
    throw new RuntimeError('Task does not support set_exception operation')
  }

  /** For the loop: runs the coroutine until it waits again. */
  run(): void {
    if (this.done()) return
    const outer = enterTask(this as Task<unknown>)
    const waitedFor = this.#waitingFor
    this.#waitingFor = undefined
    suspension.future = undefined
    // Its failure was on the way to the coroutine when the cancellation took its place.
    if (this.#mustCancel && waitedFor && !waitedFor.cancelled()) waitedFor.exception()
    try {
      const step = this.#resume()
      if (step.done) this.#return(step.value)
      else this.#wait(step.value)
    } catch (error) {
      if (error instanceof CancelledError) super.cancel(error.message || undefined)
      else this.fail(error)
    } finally {
      leaveTask(outer)
    }
    if (this.done()) this.loop.tasks.delete(this as Task<unknown>)
  }

  #resume() {
    if (this.#mustCancel) {
      this.#mustCancel = false
      this.#toThrow = undefined
      return this.#coroutine.throw(new CancelledError(this.#message))
    }
    const thrown = this.#toThrow
    if (!thrown) return this.#coroutine.next()
    this.#toThrow = undefined
    return this.#coroutine.throw(thrown.error)
  }

  #return(value: T) {
    // Cancelled by itself, and returned without having waited.
    if (this.#mustCancel) super.cancel(this.#message)
    else this.finish(value)
  }

  #wait(yielded: unknown) {
    const { future } = suspension
    if (yielded !== suspend) {
      this.#throwSoon(
        new RuntimeError(`${this.#name} yielded ${String(yielded)}: did you mean yield* instead of yield?`),
      )
    } else if (!future) {
      this.loop.callSoonRunnable(this)
    } else if (future.loop !== this.loop) {
      this.#throwSoon(new RuntimeError(`${this.#name} waits for a future of another loop`))
    } else if ((future as unknown) === this) {
      this.#throwSoon(new RuntimeError(`${this.#name} cannot await itself`))
    } else {
      this.#waitingFor = future
      future.addDoneCallback(() => this.run())
      if (this.#mustCancel && future.cancel(this.#message)) this.#mustCancel = false
    }
  }

  #throwSoon(error: Error) {
    this.#toThrow = { error }
    this.loop.callSoonRunnable(this)
  }

  protected override describe(): string {
    return `Task ${this.#name}`
  }
}
