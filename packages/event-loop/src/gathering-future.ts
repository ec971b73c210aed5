import type { Awaitable } from './awaitable.ts'
import { awaits } from './awaits.ts'
import { cancelledError } from './cancelled-error.ts'
import { ensureFuture } from './ensure-future.ts'
import { Future } from './future.ts'
import { isCoroutine } from './is-coroutine.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import type { Runnable } from './loop/ready-ring.ts'
import { type Thrown, thrownBy } from './thrown-by.ts'

/** What gather gives: cancelling it cancels its children, and it is done when their cancellation has arrived. */
export class GatheringFuture extends Future<unknown[]> {
  readonly #children: Future<unknown>[] = []
  readonly #returnExceptions: boolean
  #left = 0
  #cancelRequested = false

  constructor(loop: BaseEventLoop, returnExceptions: boolean) {
    super({ loop })
    this.#returnExceptions = returnExceptions
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false
    let cancelled = false
    for (const child of this.#children) if (child.cancel(message)) cancelled = true
    if (cancelled) this.#cancelRequested = true
    return cancelled
  }

  /** For gather: starts the coroutines, and is done at once when all are. */
  gather(awaitables: readonly Awaitable<unknown>[]): void {
    const alreadyDone: Future<unknown>[] = []
    this.#left = awaitables.length
    // Without an iterator, which makes an object for each where arrays of several kinds have been gathered.
    for (let i = 0; i < awaitables.length; i++) {
      const awaitable = awaitables[i] as Awaitable<unknown>
      const child = this.#start(awaitable, awaitables)
      this.#children.push(child)
      if (child.done()) alreadyDone.push(child)
      else child.addWaiter(new GatheredChild(child, this))
    }
    for (const child of alreadyDone) this.childDone(child)
  }

  /** For gather, when one could not be started: nobody will ask for the errors of those before. */
  abandon(): void {
    super.cancel()
  }

  [awaits](): Iterable<Future<unknown>> {
    return this.#children
  }

  childDone(child: Future<unknown>): void {
    this.#left--
    if (this.done()) {
      // Who waited was told something else: this one's error has nobody to ask for it.
      if (!child.cancelled()) child.exception()
      return
    }
    const failure = this.#returnExceptions ? undefined : failureOf(child)
    if (failure) this.setException(failure.error)
    else if (this.#left === 0) this.#settle()
  }

  /**
   * One that stands twice runs once. A map of all would cost as much as the tasks do: a future is its own, and of a coroutine
   * it shows when it is refused a second task.
   */
  #start(awaitable: Awaitable<unknown>, awaitables: readonly Awaitable<unknown>[]): Future<unknown> {
    const isItsOwn = awaitable instanceof Future || isCoroutine(awaitable)
    try {
      return (isItsOwn ? undefined : this.#twin(awaitable, awaitables)) ?? ensureFuture(awaitable, this.loop)
    } catch (error) {
      const twin = this.#twin(awaitable, awaitables)
      if (twin) return twin
      throw error
    }
  }

  #twin(awaitable: Awaitable<unknown>, awaitables: readonly Awaitable<unknown>[]): Future<unknown> | undefined {
    return this.#children[awaitables.indexOf(awaitable)]
  }

  #settle() {
    const results = this.#children.map(outcomeOf)
    if (this.#cancelRequested) this.setException(this.#children.at(-1)?.makeCancelledError())
    else this.setResult(results)
  }

  protected override describe(): string {
    return '_GatheringFuture'
  }
}

/** In the place of a done callback, which would take three times the memory. */
class GatheredChild implements Runnable {
  readonly #future: Future<unknown>
  readonly #outer: GatheringFuture

  constructor(future: Future<unknown>, outer: GatheringFuture) {
    this.#future = future
    this.#outer = outer
  }

  run(): void {
    this.#outer.childDone(this.#future)
  }
}

function failureOf(child: Future<unknown>): Thrown | undefined {
  return child.cancelled() ? { error: child.makeCancelledError() } : thrownBy(child)
}

function outcomeOf(child: Future<unknown>): unknown {
  // The error that a task has ended with is for who asks the task. To throw and catch it would also be the larger part of what
  // it costs to gather many that were cancelled.
  if (child.cancelled()) return cancelledError(child.cancelMessage)
  const thrown = thrownBy(child)
  return thrown ? thrown.error : child.result()
}
