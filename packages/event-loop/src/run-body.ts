import type { Body, CoGenerator } from './awaitable.ts'
import { fromPromise } from './from-promise.ts'

/** Runs the body of what stands for an `async with` in the current task, and gives what it returns. */
export function* runBody<A extends unknown[], T>(body: Body<A, T>, ...args: A): CoGenerator<T> {
  const made = body(...args)
  if (Symbol.iterator in made) return yield* made
  return yield* fromPromise(made)
}
