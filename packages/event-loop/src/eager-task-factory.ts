import type { TaskFactory } from './loop/base-event-loop.ts'
import { Task } from './task.ts'

/**
 * A task factory whose tasks take their first step at once: `loop.setTaskFactory(eagerTaskFactory)`.
 *
 * One that never waits is done when `createTask` returns.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.eager_task_factory
 */
export const eagerTaskFactory: TaskFactory = (loop, coroutine, options) => {
  return new Task(coroutine, { eagerStart: true, ...options, loop })
}
