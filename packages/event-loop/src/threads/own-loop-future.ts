import { ThreadFuture } from '@fosen/thread-async'
import { DeadlockError } from '../errors.ts'

/** Of a coroutine that runs in the loop of this very thread: who blocks on it keeps it from running. */
export class OwnLoopFuture<T> extends ThreadFuture<T> {
  /** @throws DeadlockError when it is not done */
  override result(timeout?: number): T {
    this.#refuseToBlock()
    return super.result(timeout)
  }

  /** @throws DeadlockError when it is not done */
  override exception(timeout?: number): unknown {
    this.#refuseToBlock()
    return super.exception(timeout)
  }

  #refuseToBlock() {
    if (!this.done())
      throw new DeadlockError('the coroutine runs in the loop of this thread: await it, or add a callback')
  }
}
