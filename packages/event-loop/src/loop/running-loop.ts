import { RuntimeError } from '../errors.ts'
import type { Task } from '../task.ts'
import type { BaseEventLoop } from './base-event-loop.ts'

/** One for the thread, also when two copies of this package meet in it. */
const key = Symbol.for('fosen.running-loop/1')
const globals = globalThis as { [key]?: { loop: BaseEventLoop | undefined; task: Task<unknown> | undefined } }
globals[key] ??= { loop: undefined, task: undefined }
const running = globals[key]

/**
 * The loop whose callback or task is running.
 *
 * @throws RuntimeError outside of a loop's callbacks and tasks
 * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.get_running_loop
 */
export function getRunningLoop(): BaseEventLoop {
  if (!running.loop) throw new RuntimeError('no running event loop')
  return running.loop
}

/** Runs `fn` with `loop` as the running loop; another one may be running outside. */
export function withRunningLoop(loop: BaseEventLoop, fn: () => void): void {
  const outer = running.loop
  running.loop = loop
  try {
    fn()
  } finally {
    running.loop = outer
  }
}

/**
 * The task that is running in a loop; undefined in a callback.
 *
 * @param loop by default the running one
 * @throws RuntimeError when no loop is given and none is running
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.current_task
 */
export function currentTask(loop: BaseEventLoop = getRunningLoop()): Task<unknown> | undefined {
  return running.task?.loop === loop ? running.task : undefined
}

/** For a task that takes a step; gives what `leaveTask` takes. */
export function enterTask(task: Task<unknown>): Task<unknown> | undefined {
  const outer = running.task
  running.task = task
  return outer
}

export function leaveTask(outer: Task<unknown> | undefined): void {
  running.task = outer
}
