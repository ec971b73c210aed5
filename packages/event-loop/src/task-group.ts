import { coroutine } from '@fosen/coroutine'
import type { AsyncFunction, Body, Co, CoGenerator } from './awaitable.ts'
import { awaits } from './awaits.ts'
import { checkFunction } from './check-arguments.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { ExceptionGroup } from './exception-group.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { currentTask } from './loop/running-loop.ts'
import { inspected } from './repr.ts'
import { runBody } from './run-body.ts'
import type { Task, TaskOptions } from './task.ts'
import { type Thrown, thrownBy } from './thrown-by.ts'

/**
 * Tasks that end together: what runs the group goes on when its body and all its tasks are done.
 *
 * The first failure of a task cancels the others, and the body where it waits; when all have ended, an ExceptionGroup of
 * all failures is thrown. A task that was cancelled by itself counts as done. `taskGroup` makes a group and runs it.
 *
 * Invariant: `#tasks` holds the tasks whose end the group has not been told of, and the group ends when it is empty.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#task-groups
 */
export class TaskGroup {
  #state: 'new' | 'entered' | 'exiting' = 'new'
  #aborting = false
  #cancelOnEnter = false
  #parent: Task<unknown> | undefined
  /** The group has cancelled its parent, and takes that back at its end. */
  #parentCancelled = false
  readonly #tasks = new Set<Task<unknown>>()
  #errors: unknown[] = []
  #allDone: AllDone | undefined

  /**
   * Runs `body`, and waits for the tasks of the group.
   *
   * Cancelling the task that waits cancels the body, the tasks of the group, and is raised when they have ended, unless
   * one of them has failed: then the ExceptionGroup is, and the cancellation at the next wait.
   *
   * @param body is given the group; a generator function or an async one
   * @returns what `body` returns; undefined when `cancel` has ended it before
   * @throws TypeError when `body` is no function
   * @throws ExceptionGroup of what the tasks have thrown, and then the body
   * @throws RuntimeError when the group was run already, or not in a task
   */
  run<T>(body: Body<[group: TaskGroup], T>): Co<T | undefined> {
    checkFunction('the body', body)
    return TaskGroup.#running(this, body) as Co<T | undefined>
  }

  /**
   * Runs a coroutine, or an async function, as a task of the group.
   *
   * Also while the group waits for its tasks, of which one may add others.
   *
   * @throws RuntimeError when the group does not run yet, is being cancelled, or has ended: the coroutine is closed
   */
  createTask<T>(work: CoGenerator<T> | AsyncFunction<T>, options?: TaskOptions): Task<T> {
    const refusal = this.#refusal()
    const parent = this.#parent
    if (refusal || !parent) {
      ;(work as Partial<Generator> | null)?.return?.(undefined)
      throw new RuntimeError(`TaskGroup ${this} ${refusal}`)
    }
    const task = parent.loop.createTask(work, options)
    this.#tasks.add(task as Task<unknown>)
    task.addDoneCallback(this.#onTaskDone as (task: Future<T>) => void)
    // One that ran at once may have ended the group by then.
    if (this.#aborting && !task.done()) task.cancel()
    return task
  }

  /**
   * Cancels the tasks of the group and its body, and has `run` end as if they were done: no CancelledError is raised.
   *
   * Before the group runs, it does so as soon as it does; when it has ended, nothing.
   */
  cancel(): void {
    if (this.#state === 'new') this.#cancelOnEnter = true
    else if (!this.#aborting && !this.#isFinished()) this.#abortWithParent()
  }

  toString(): string {
    const info = [
      ...(this.#tasks.size > 0 ? [`tasks=${this.#tasks.size}`] : []),
      ...(this.#errors.length > 0 ? [`errors=${this.#errors.length}`] : []),
      ...(this.#aborting ? ['cancelling'] : this.#state === 'new' ? [] : ['entered']),
    ]
    return `<${['TaskGroup', ...info].join(' ')}>`
  }

  [inspected](): string {
    return this.toString()
  }

  static readonly #running = coroutine(function* taskGroup(
    group: TaskGroup,
    body: Body<[group: TaskGroup], unknown>,
  ): CoGenerator<unknown> {
    const parent = group.#enter()
    let result: unknown
    let thrown: Thrown | undefined
    let ended = false
    try {
      try {
        result = yield* runBody(body, group)
      } catch (error) {
        thrown = { error }
      }
      group.#state = 'exiting'
      yield* group.#join(parent, thrown)
      ended = true
      return result
    } finally {
      group.#parent = undefined
      group.#errors = []
      // Also when the coroutine was closed: then nobody waits for the tasks.
      if (!ended) group.#abort()
    }
  })

  #enter(): Task<unknown> {
    if (this.#state !== 'new') throw new RuntimeError(`TaskGroup ${this} has already been entered`)
    this.#parent = currentTask()
    if (!this.#parent) throw new RuntimeError(`TaskGroup ${this} cannot determine the parent task`)
    this.#state = 'entered'
    if (this.#cancelOnEnter) this.cancel()
    return this.#parent
  }

  /** Waits for the tasks, and throws what is to be thrown. */
  *#join(parent: Task<unknown>, thrown: Thrown | undefined): CoGenerator<void> {
    const isCancelled = thrown?.error instanceof CancelledError
    let toRaise = isCancelled ? thrown : undefined
    let lastCancelled: Thrown | undefined
    if (thrown && !this.#aborting) this.#abort()
    // It is cancelled as often as the parent is.
    while (this.#tasks.size > 0) {
      this.#allDone = new AllDone(parent.loop, this.#tasks)
      try {
        yield* this.#allDone
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error
        lastCancelled = { error }
        if (!this.#aborting) {
          toRaise = lastCancelled
          this.#abort()
        }
      }
      this.#allDone = undefined
    }
    if (this.#parentCancelled) {
      if (parent.uncancel() === 0) toRaise = undefined
      else toRaise ??= lastCancelled
    }
    if (toRaise && this.#errors.length === 0) throw toRaise.error
    if (thrown && !isCancelled) this.#errors.push(thrown.error)
    if (this.#errors.length === 0) return
    if (parent.cancelling() > 0) {
      // The count stays, and the cancellation is raised at the next wait.
      parent.uncancel()
      parent.cancel()
    }
    throw new ExceptionGroup('unhandled errors in a TaskGroup', this.#errors)
  }

  readonly #onTaskDone = (task: Task<unknown>): void => {
    this.#tasks.delete(task)
    if (this.#tasks.size === 0 && this.#allDone?.done() === false) this.#allDone.setResult()
    const thrown = thrownBy(task)
    if (!thrown) return
    if (!this.#parent || this.#parent.done()) {
      const message = `Task ${task.getName()} has errored out but its parent task is already completed`
      task.loop.callExceptionHandler({ message, error: thrown.error, task })
      return
    }
    this.#errors.push(thrown.error)
    if (!this.#aborting && !this.#parentCancelled) this.#abortWithParent()
  }

  /** Cancels the parent too, which may wait for something else; the end of the group takes that back. */
  #abortWithParent() {
    this.#abort()
    if (!this.#parent || this.#parentCancelled) return
    this.#parentCancelled = true
    this.#parent.cancel()
  }

  #abort() {
    this.#aborting = true
    for (const task of this.#tasks) if (!task.done()) task.cancel()
  }

  #isFinished() {
    return this.#state === 'exiting' && this.#tasks.size === 0
  }

  #refusal(): string | undefined {
    if (this.#state === 'new') return 'has not been entered'
    if (this.#isFinished()) return 'is finished'
    return this.#aborting ? 'is shutting down' : undefined
  }
}

/** What a group waits for at its end. */
class AllDone extends Future<void> {
  readonly #tasks: ReadonlySet<Task<unknown>>

  constructor(loop: BaseEventLoop, tasks: ReadonlySet<Task<unknown>>) {
    super({ loop })
    this.#tasks = tasks
  }

  [awaits](): Iterable<Future<unknown>> {
    return this.#tasks
  }
}

/**
 * Runs `body` with a group of tasks, and waits for them: Python's `async with asyncio.TaskGroup() as group`.
 *
 * The first failure cancels the other tasks and the body, and all failures are thrown as one ExceptionGroup. Cancelling
 * the task that waits cancels them all; the CancelledError is raised when they have ended.
 *
 * @param body is given the group; a generator function or an async one
 * @returns what `body` returns; undefined when `group.cancel()` has ended it before
 * @throws TypeError when `body` is no function
 * @throws ExceptionGroup of what the tasks have thrown, and then the body
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, ExceptionGroup, sleep, taskGroup } from '@fosen/event-loop'
 *
 * const work = coroutine(function* (name: string, ms: number) {
 *   try {
 *     yield* sleep(ms)
 *     if (name === 'two') throw new Error(`${name} failed`)
 *     console.log(`${name} is done`)
 *   } finally {
 *     console.log(`${name} has ended`)
 *   }
 * })
 *
 * const main = coroutine(function* () {
 *   yield* taskGroup(function* (group) {
 *     group.createTask(work('one', 10))
 *     group.createTask(work('two', 20))
 *     group.createTask(work('three', 60_000))
 *     yield* sleep(0)
 *   })
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main()).catch(error => {
 *   if (error instanceof ExceptionGroup) console.log(error.message, error.exceptions.map(String))
 * })
 * loop.close()
 * ```
 * ```text
 * one is done
 * one has ended
 * two has ended
 * three has ended
 * unhandled errors in a TaskGroup [ 'Error: two failed' ]
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#task-groups
 */
export function taskGroup<T>(body: Body<[group: TaskGroup], T>): Co<T | undefined> {
  return new TaskGroup().run(body)
}
