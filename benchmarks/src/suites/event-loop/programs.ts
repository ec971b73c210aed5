/** Does something `size` times, in a form that some of these have, and gives what shows that it was done. */
export type Program = (size: number, ...form: number[]) => unknown

/** What is measured. Each contender does it in its own way. */
export interface Programs {
  /** So many tasks at the same time, each of which returns its index: the sum of the indexes. */
  spawn: Program
  /** `form` tasks give way to each other, so many times in all: how many times. */
  giveWay: Program
  /** A number goes from one task to another through a queue, and back through another one, so many times: that number. */
  pingPong: Program
  /** So many tasks that each sleep for `delay(index)` milliseconds, and return their index: the sum of the indexes. */
  sleeps: Program
  /** Callbacks of which each schedules the next one: how many were called. */
  callbacks: Program
  /** So many tasks that sleep are cancelled, and waited for: how many were cancelled. */
  cancel: Program
  /** The last of `form` coroutines, each of which awaits the next one, gives way so many times: how many times. */
  deepAwait: Program
  /** Waits for promises that are resolved: the sum of their values, which are 1. */
  resolved: Program
  /** Coroutines that run in a loop in another thread, one after the other, and return their index: the sum. */
  awaitThread: Program
  /** The same, blocking until each has its result. */
  blockOnThread: Program
}

/** One of those that are compared. */
export interface Peer {
  readonly name: string
  /** What to type to have it, when it is not there. */
  readonly missing?: string | undefined
  /** What it has a way to do. */
  readonly programs: Partial<Programs>
  /** The programs of which it does a tenth, because the whole would take minutes. */
  readonly tenths?: readonly (keyof Programs)[]
  /** The bytes that a task which sleeps holds in memory, when there are so many. */
  readonly bytesOfSleep?: (tasks: number) => number | PromiseLike<number>
  close?(): PromiseLike<unknown>
}

/** Less than 50 ms, as if at random. */
export function delay(index: number): number {
  return ((index * 7919) % 50_000) / 1000
}

/** Far beyond the end of the run, in milliseconds. */
export const forever = 1e6

export function sum(numbers: readonly number[]): number {
  let sum = 0
  for (const number of numbers) sum += number
  return sum
}
