import { DeadlockError } from '../errors.ts'
import type { Future } from '../future.ts'
import type { BaseEventLoop } from './base-event-loop.ts'

/**
 * The error of a loop that nothing can wake: it tells which tasks wait, and what for.
 *
 * @param until what the loop is run for
 */
export function deadlockError(loop: BaseEventLoop, until?: Future<unknown>): DeadlockError {
  const pending = new Set<Future<unknown>>(loop.tasks)
  if (until && !until.done()) pending.add(until)
  const nothing = 'nothing is left that could wake the loop'
  if (pending.size === 0) return new DeadlockError(`${nothing}, and no task is pending`)
  const lines = Array.from(pending, future => `\n  ${future.toString()}`)
  return new DeadlockError(`${nothing}; ${pending.size} pending:${lines.join('')}`)
}

/** Loops of this thread that run on top of Node's: Node says when it has nothing left to do. */
class DeadlockWatch {
  readonly #loops = new Map<BaseEventLoop, () => void>()
  readonly #onBeforeExit = () => {
    for (const tell of [...this.#loops.values()]) tell()
  }

  set(loop: BaseEventLoop, tell: () => void): void {
    if (this.#loops.size === 0) process.on('beforeExit', this.#onBeforeExit)
    this.#loops.set(loop, tell)
  }

  delete(loop: BaseEventLoop): void {
    if (this.#loops.delete(loop) && this.#loops.size === 0) process.off('beforeExit', this.#onBeforeExit)
  }
}

export const onDeadlock = new DeadlockWatch()
