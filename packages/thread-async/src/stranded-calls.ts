import { type Inbox, threadParker } from '@fosen/shared-memory'
import type { Call } from './call.ts'
import { runInline } from './inline-call.ts'
import { isGenerator, isPlain } from './portable.ts'

export interface StrandedActions {
  /** The call that has waited longest. */
  readonly first: () => Call | undefined
  /** It waits no longer: it is about to be run. */
  readonly take: (call: Call) => void
  /** It needs a thread, although the process has as many as it may have. */
  readonly startThread: () => void
  /** There is one call less, or one thread more. */
  readonly onDone: () => void
}

/**
 * Sees to the calls of a pool that no thread will take, because the process has as many threads as it may: the thread
 * that made them runs them itself, in its event loop, or when it blocks. So calls within calls come to an end, however
 * deep they go.
 */
export class StrandedCalls implements Inbox {
  readonly #actions: StrandedActions
  #armed = false
  #running = 0

  constructor(actions: StrandedActions) {
    this.#actions = actions
  }

  /** Calls that this thread runs. */
  get running(): number {
    return this.#running
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
    const call = this.#actions.first()
    if (call) this.#see(call, isBlocked)
    this.#actions.onDone()
    return true
  }

  #see(call: Call, isBlocked: boolean) {
    // What needs the event loop of its thread cannot run in one that is blocked; a stream runs as it is read, and
    // nothing can end a call of this thread when its time is over.
    const { reference, timeout, future } = call
    const needsThread = isGenerator(reference) || timeout !== Number.POSITIVE_INFINITY
    if (needsThread || (isBlocked && !isPlain(reference))) {
      this.#actions.startThread()
      return
    }
    this.#actions.take(call)
    this.#running++
    future.setRunning()
    future.onceSettled(() => {
      this.#running--
      this.#actions.onDone()
    })
    runInline(call, isBlocked)
  }
}
