import type { Operation } from './intercept.ts'
import type { Log } from './program.ts'
import type { Ended } from './run-program.ts'

/**
 * Where a thread stands.
 *
 * ready → (an operation) → ready or asleep; asleep, not woken → woken, by a notify → ready; from ready it ends at last.
 * Dead from any but that.
 */
export type ThreadState = Ready | Asleep | Ended | { readonly type: 'dead' }

export interface Ready {
  readonly type: 'ready'
  readonly log: Log
}

export interface Asleep {
  readonly type: 'asleep'
  readonly log: Log
  /** The wait that it is in. */
  readonly operation: Operation
  readonly timeout: number
  /** What the plain memory was before the thread ran up to the wait. */
  readonly plain: Uint8Array
  /** It was notified, and has not run since. */
  readonly isWoken: boolean
}

/** Between two steps. Threads are known by their number. */
export interface State {
  readonly memory: Uint8Array
  readonly threads: readonly ThreadState[]
  /** Those that sleep, in the order they fell asleep: notify wakes them in that order. */
  readonly sleepers: readonly number[]
  /** Those that are dead, and nobody has noticed. */
  readonly unnoticed: readonly number[]
  readonly deathsLeft: number
  readonly timeoutsLeft: number
}

/**
 * What may happen next: a thread goes on; one that sleeps goes on since its time is over, notified or not; one dies; or
 * somebody notices that it has died.
 */
export interface Move {
  readonly type: 'goOn' | 'timeOut' | 'die' | 'notice'
  readonly thread: number
  /** Nothing says that it ever happens. */
  readonly isOptional: boolean
}

export function canGoOn(thread: ThreadState): boolean {
  return thread.type === 'ready' || (thread.type === 'asleep' && thread.isWoken)
}

export function isAlive(thread: ThreadState): boolean {
  return thread.type === 'ready' || thread.type === 'asleep'
}
