import type { AsyncFunction, CoGenerator } from './awaitable.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import type { Task, TaskOptions } from './task.ts'

/**
 * Runs a coroutine, or an async function, as a task of the running loop, from the next batch on.
 *
 * Cancelling who has made the task does not cancel it; `taskGroup` ties tasks together.
 *
 * @throws TypeError when it is given anything else
 * @throws RuntimeError when no loop is running, or the coroutine has a task already
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { createTask, run, sleep } from '@fosen/event-loop'
 *
 * const count = coroutine(function* (name: string) {
 *   for (const n of [1, 2]) {
 *     console.log(name, n)
 *     yield* sleep(0)
 *   }
 * })
 *
 * const main = coroutine(function* () {
 *   const task = createTask(count('task'))
 *   yield* count('main')
 *   yield* task
 * })
 *
 * await run(main())
 * ```
 * ```text
 * main 1
 * task 1
 * main 2
 * task 2
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
 */
export function createTask<T>(work: CoGenerator<T> | AsyncFunction<T>, options?: TaskOptions): Task<T> {
  return getRunningLoop().createTask(work, options)
}
