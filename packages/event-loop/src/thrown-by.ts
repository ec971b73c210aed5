import type { Future } from './future.ts'

/** What was thrown, boxed: anything can be, undefined too. */
export interface Thrown {
  readonly error: unknown
}

/** What a done future has failed with; undefined when it has not, or was cancelled. Asking marks it as seen. */
export function thrownBy(future: Future<unknown>): Thrown | undefined {
  if (future.cancelled()) return undefined
  try {
    future.result()
    return undefined
  } catch (error) {
    return { error }
  }
}
