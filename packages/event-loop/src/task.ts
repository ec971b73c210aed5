import type { CoGenerator } from './awaitable.ts'
import { type FrameCallGraphEntry, stackOfTask } from './call-graph.ts'
import { cancelledError } from './cancelled-error.ts'
import { checkLoop, checkOptions } from './check-arguments.ts'
import { type Context, checkContext, snapshotContext } from './context/context.ts'
import { describeTask } from './describe.ts'
import { RuntimeError } from './errors.ts'
import { isCoroutine } from './is-coroutine.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import type { TaskLinks } from './loop/task-list.ts'
import { shown } from './shown.ts'
import { Stepper } from './stepper.ts'
import { isTaken, markTaken, takenMessage } from './taken.ts'
import { traceTask, traceTaskEnd } from './task-trace.ts'

let created = 0

export interface TaskOptions {
  /** By default `Task-1`, `Task-2`, … */
  readonly name?: string | undefined
  /** What the task runs in; by default a copy of the current context. */
  readonly context?: Context | undefined
  /** Runs the coroutine at once, up to where it waits for the first time; it may be done then. */
  readonly eagerStart?: boolean | undefined
}

/**
 * A coroutine that a loop runs; also the future of what it returns.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.Task
 */
export class Task<T> extends Stepper<T> implements TaskLinks {
  previousTask: Task<unknown> | undefined
  nextTask: Task<unknown> | undefined
  /** A number until somebody asks for the name. */
  #name: string | number

  /** As `loop.createTask`, which is the way to make one. */
  constructor(coroutine: CoGenerator<T>, options: TaskOptions & { readonly loop?: BaseEventLoop | undefined } = {}) {
    if (!isCoroutine<T>(coroutine)) {
      throw new TypeError(`a coroutine is needed, not ${shown(coroutine)}`)
    }
    checkOptions('{ loop, name, context, eagerStart }', options)
    const { loop = getRunningLoop(), name, context, eagerStart } = options
    if (isTaken(coroutine)) throw new RuntimeError(takenMessage)
    checkContext(context)
    super(coroutine, loop, context ?? snapshotContext())
    this.#name = name === undefined ? ++created : String(name)
    traceTask(this as Task<unknown>)
    if (eagerStart && loop.isRunning()) {
      markTaken(coroutine)
      loop.tasks.add(this as Task<unknown>)
      this.runEagerly()
    } else {
      loop.callSoonRunnable(this)
      loop.tasks.add(this as Task<unknown>)
      markTaken(coroutine)
    }
  }

  override get identity(): Task<unknown> {
    return this as Task<unknown>
  }

  getName(): string {
    if (typeof this.#name === 'number') this.#name = `Task-${this.#name}`
    return this.#name
  }

  setName(name: string): void {
    this.#name = String(name)
  }

  /**
   * The functions in which it stands, innermost last: all of the task that runs; of one that waits, the coroutine that it
   * was made of; none when it is done.
   *
   * @param options.limit how many there are at the most: the innermost
   * @throws TypeError when `limit` is no integer
   * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.Task.get_stack
   */
  getStack(options: { readonly limit?: number | undefined } = {}): FrameCallGraphEntry[] {
    checkOptions('{ limit }', options)
    return stackOfTask(this as Task<unknown>, options.limit)
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
    const { interruption } = this
    interruption.requests++
    interruption.abort?.abort(cancelledError(message))
    return super.cancel(message)
  }

  /** How often `cancel` was called, less the calls of `uncancel`. */
  cancelling(): number {
    return this.interruptionSoFar?.requests ?? 0
  }

  /**
   * Takes one `cancel` back, for who has caught its CancelledError; at 0, one that was not raised yet is not raised.
   *
   * @returns how many are left
   */
  uncancel(): number {
    const { interruption } = this
    if (interruption.requests > 0 && --interruption.requests === 0) this.dropCancellation(this as Task<unknown>)
    return interruption.requests
  }

  /**
   * Aborted, with a CancelledError, when the task is cancelled: for APIs of Node's, whose promises a cancellation cannot interrupt.
   *
   * Once every cancellation was taken back by `uncancel`, it is a new one.
   */
  get signal(): AbortSignal {
    const { interruption } = this
    if (!interruption.abort || (interruption.abort.signal.aborted && interruption.requests === 0)) {
      interruption.abort = new AbortController()
      if (interruption.requests > 0) interruption.abort.abort(cancelledError())
    }
    return interruption.abort.signal
  }

  /** @throws RuntimeError always: the result is what the coroutine returns */
  override setResult(_value: T): never {
    throw new RuntimeError('Task does not support set_result operation')
  }

  /** @throws RuntimeError always: the error is what the coroutine throws */
  override setException(_error: unknown): never {
    throw new RuntimeError('Task does not support set_exception operation')
  }

  /** As Python's `repr`: `<Task pending name='Task-1' coro=<hello() running at /main.ts:12>>`. */
  override toString(): string {
    return describeTask(this as Task<unknown>)
  }

  protected override onEnd(): void {
    this.loop.tasks.delete(this as Task<unknown>)
    traceTaskEnd(this as Task<unknown>)
    if (this.loop.debug && this.cancelling() > 0 && this.state === 'finished' && !this.outcome.failed) {
      this.loop.callExceptionHandler({ message: 'A task has swallowed its cancellation', task: this as Task<unknown> })
    }
  }

  protected override describe(): string {
    return `Task ${this.getName()}`
  }
}

/**
 * The tasks of a loop that are not done, in the order of their creation.
 *
 * @param loop by default the running one
 * @throws RuntimeError when no loop is given and none is running
 * @throws TypeError when it is no loop
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.all_tasks
 */
export function allTasks(loop: BaseEventLoop = getRunningLoop()): Set<Task<unknown>> {
  checkLoop(loop)
  return new Set(loop.tasks)
}
