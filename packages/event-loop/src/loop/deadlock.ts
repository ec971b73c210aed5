import { DeadlockError } from '../errors.ts'
import type { BaseEventLoop } from './base-event-loop.ts'

/** The error of a loop that nothing can wake: it tells which tasks wait, and what for. */
export function deadlockError(loop: BaseEventLoop): DeadlockError {
  const waiting = [...loop.tasks].map(task => `\n  ${task.toString()}`)
  return new DeadlockError(`nothing is left that could wake the loop; ${waiting.length} pending:${waiting.join('')}`)
}

/** Loops of this thread that run on top of Node's: Node says when it has nothing left to do. */
class DeadlockWatch {
  readonly #loops = new Map<BaseEventLoop, (error: DeadlockError) => void>()
  readonly #onBeforeExit = () => {
    for (const [loop, tell] of [...this.#loops]) tell(deadlockError(loop))
  }

  set(loop: BaseEventLoop, tell: (error: DeadlockError) => void): void {
    if (this.#loops.size === 0) process.on('beforeExit', this.#onBeforeExit)
    this.#loops.set(loop, tell)
  }

  delete(loop: BaseEventLoop): void {
    if (this.#loops.delete(loop) && this.#loops.size === 0) process.off('beforeExit', this.#onBeforeExit)
  }
}

export const onDeadlock = new DeadlockWatch()
