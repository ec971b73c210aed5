import { CancelledError, RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { suspend, suspension } from './loop/suspension.ts'

/** The generator side of a coroutine: all that a task needs of it. */
// biome-ignore lint/suspicious/noExplicitAny: what a coroutine yields is checked at each step
type Steps<T> = Iterator<any, T, any> & { throw(error: unknown): IteratorResult<any, T> }

let created = 0

/**
 * A coroutine that a loop runs; also the future of what it returns.
 *
 * Invariant: a task that is not done is in the loop's ready queue, or waits for the future in `#waitingFor`, whose
 * callback puts it back there.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.Task
 */
export class Task<T> extends Future<T> implements Runnable {
  readonly #coroutine: Steps<T>
  readonly #name: string
  #waitingFor: Future<unknown> | undefined
  /** A cancellation that found nothing to cancel: it is raised at the next step. */
  #mustCancel = false
  #message: string | undefined
  /** What is thrown into the coroutine at the next step, in the place of a cancellation. */
  #toThrow: { readonly error: unknown } | undefined

  constructor(coroutine: Steps<T>, { loop, name }: { loop: BaseEventLoop; name?: string | undefined }) {
    super({ loop })
    this.#coroutine = coroutine
    this.#name = name ?? `Task-${++created}`
    loop.callSoonRunnable(this)
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
    if (this.#waitingFor?.cancel(message)) return true
    this.#mustCancel = true
    this.#message = message
    return true
  }

  /** For the loop: runs the coroutine until it waits again. */
  run(): void {
    if (this.done()) return
    this.#waitingFor = undefined
    suspension.future = undefined
    try {
      const step = this.#resume()
      if (step.done) this.#finish(step.value)
      else this.#wait(step.value)
    } catch (error) {
      if (error instanceof CancelledError) super.cancel(error.message || undefined)
      else this.setException(error)
    }
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

  #finish(value: T) {
    // Cancelled by itself, and returned without having waited.
    if (this.#mustCancel) super.cancel(this.#message)
    else this.setResult(value)
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
