import { type Inbox, threadParker } from '@fosen/shared-memory'

/**
 * Sees to the calls of a pool that no thread will take, because the process has as many threads as it may: the thread
 * that made them runs them itself, in its event loop, or when it blocks. So calls within calls come to an end, however
 * deep they go.
 */
export class StrandedCalls implements Inbox {
  readonly #runNext: (isBlocked: boolean) => void
  #armed = false

  /** @param runNext runs the next call, and arms this again when there is one more */
  constructor(runNext: (isBlocked: boolean) => void) {
    this.#runNext = runNext
  }

  arm(): void {
    if (this.#armed) return
    this.#armed = true
    threadParker().add(this)
    setImmediate(() => this.#fire(false))
  }

  drain(): boolean {
    return this.#fire(true)
  }

  check(): void {}

  #fire(isBlocked: boolean): boolean {
    if (!this.#armed) return false
    this.#armed = false
    threadParker().remove(this)
    this.#runNext(isBlocked)
    return true
  }
}
