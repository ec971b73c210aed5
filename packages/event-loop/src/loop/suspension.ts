import type { Suspend } from '../awaitable.ts'
import type { Future } from '../future.ts'

/** The one value that coroutines of the loop yield. */
export const suspend = Object.freeze({ toString: () => 'Suspend' }) as unknown as Suspend

/** The one step that everything which waits gives back; what is waited for stands in `suspension`. */
export const suspended: IteratorYieldResult<Suspend> = Object.freeze({ done: false, value: suspend })

/** What the coroutine that has just suspended waits for; undefined: nothing but its next turn. */
export const suspension: { future: Future<unknown> | undefined } = { future: undefined }
