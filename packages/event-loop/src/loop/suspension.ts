import type { Suspend } from '../awaitable.ts'
import type { Future } from '../future.ts'

interface Shared {
  readonly suspend: Suspend
  readonly suspended: IteratorYieldResult<Suspend>
  readonly suspension: { future: Future<unknown> | undefined }
}

function makeShared(): Shared {
  const suspend = Object.freeze({ toString: () => 'Suspend' }) as unknown as Suspend
  return { suspend, suspended: Object.freeze({ done: false, value: suspend }), suspension: { future: undefined } }
}

/** One for the thread: a task of one copy of this package runs what waits by means of another copy. */
const key = Symbol.for('fosen.suspension/1')
const globals = globalThis as { [key]?: Shared }
globals[key] ??= makeShared()

/** The one value that coroutines of the loop yield. */
export const suspend = globals[key].suspend

/** The one step that everything which waits gives back; what is waited for stands in `suspension`. */
export const suspended = globals[key].suspended

/** What the coroutine that has just suspended waits for; undefined: nothing but its next turn. */
export const suspension = globals[key].suspension
