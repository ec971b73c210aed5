import { TimeoutError } from '@fosen/shared-memory'
import type { Call } from './call.ts'
import { Deadline } from './deadline.ts'
import type { PoolThread } from './pool-thread.ts'

export interface DeadlineActions {
  readonly threadOf: (call: Call) => PoolThread | undefined
  /** Tells the function that it is cancelled. */
  readonly withdraw: (call: Call, reason: unknown) => void
}

/** Sees to it that calls end in time: first the call is cancelled, and after its grace its thread is ended. */
export class CallDeadlines {
  readonly #actions: DeadlineActions

  constructor(actions: DeadlineActions) {
    this.#actions = actions
  }

  /** Has something done about the call when so many milliseconds are over, in the place of what was set before. */
  set(call: Call, milliseconds: number): void {
    call.deadline?.clear()
    call.deadline = new Deadline(milliseconds, () => {
      if (call.future.done()) this.#endThread(call)
      else this.#cancel(call)
    })
  }

  /** Cancelled, and still running when its grace is over. */
  #endThread(call: Call) {
    if (this.#actions.threadOf(call)?.endUnlessDone(call) === false) this.set(call, 1)
  }

  #cancel(call: Call) {
    const { future, timeout, reference } = call
    // Its answer may be there, and this thread have been too busy to read it.
    this.#actions.threadOf(call)?.drain()
    if (future.done()) return
    const error = new TimeoutError(`${reference.name} did not end within ${timeout} ms`)
    this.#actions.withdraw(call, error)
    future.setException(error)
  }
}
