import type { Future } from './future.ts'

/** The key of the method of a future that gives the futures which it waits for itself, for the call graph. */
export const awaits: unique symbol = Symbol.for('fosen.future.awaits/1') as never

/** What a future waits for itself, such as one that gathers others. */
export function awaitsOf(future: Future<unknown>): Iterable<Future<unknown>> {
  return (future as { [awaits]?: () => Iterable<Future<unknown>> })[awaits]?.() ?? []
}
