import type { Task } from '../task.ts'

/** Where a task stands in the list of its loop's tasks. */
export interface TaskLinks {
  previousTask: Task<unknown> | undefined
  nextTask: Task<unknown> | undefined
}

/** The tasks of a loop that are not done, in the order of their creation: linked through the tasks themselves. */
export class TaskList {
  #first: Task<unknown> | undefined
  #last: Task<unknown> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  add(task: Task<unknown>): void {
    task.previousTask = this.#last
    if (this.#last) this.#last.nextTask = task
    else this.#first = task
    this.#last = task
    this.#size++
  }

  /** Takes out a task that is in the list. */
  delete(task: Task<unknown>): void {
    if (task.previousTask) task.previousTask.nextTask = task.nextTask
    else this.#first = task.nextTask
    if (task.nextTask) task.nextTask.previousTask = task.previousTask
    else this.#last = task.previousTask
    task.previousTask = undefined
    task.nextTask = undefined
    this.#size--
  }

  clear(): void {
    for (const task of [...this]) this.delete(task)
  }

  *[Symbol.iterator](): Generator<Task<unknown>, void> {
    for (let task = this.#first; task; task = task.nextTask) yield task
  }
}
