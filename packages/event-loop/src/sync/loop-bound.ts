import { inspect } from 'node:util'
import { RuntimeError } from '../errors.ts'
import type { BaseEventLoop } from '../loop/base-event-loop.ts'
import { getRunningLoop } from '../loop/running-loop.ts'

/** What can be made outside of a loop, and belongs to the first one in which somebody has to wait. */
export abstract class LoopBound {
  #loop: BaseEventLoop | undefined

  /**
   * The running loop, for who has to wait.
   *
   * @throws RuntimeError when none is running, or somebody has waited in another one before
   */
  protected getLoop(): BaseEventLoop {
    const loop = getRunningLoop()
    this.#loop ??= loop
    if (loop !== this.#loop) throw new RuntimeError(`${inspect(this)} is bound to a different event loop`)
    return loop
  }
}
