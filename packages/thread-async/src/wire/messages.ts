import type { MessagePort } from 'node:worker_threads'
import type { Reference } from '../portable.ts'
import type { WireError } from './error-codec.ts'
import type { WireArguments } from './wire-arguments.ts'

/** The thread's side of the line to who started it. */
export interface LineData {
  /** Its end of the line. */
  readonly port: MessagePort
  /** Held for as long as it lives. */
  readonly held: MessagePort
  /** The word by which it wakes its caller, which may be blocked. */
  readonly caller: Int32Array<SharedArrayBuffer>
  /** The cells that count the threads which it starts. */
  readonly counts: readonly SharedArrayBuffer[]
  /** The table of the process's threads, in which it enters itself, and the `threadId` of who starts it. */
  readonly table: SharedArrayBuffer
  readonly parent: number
}

/** What a thread starts with. */
export interface ThreadData extends LineData {
  /** Its number among the threads of its pool. */
  readonly number: number
  /** Calls that it may run at a time. */
  readonly concurrency: number
  /** The memory of a CallMemory, a FunctionTable and its ThreadCells. */
  readonly memory: SharedArrayBuffer
  readonly functions: SharedArrayBuffer
  readonly cells: SharedArrayBuffer
  /** What it runs before its first call. */
  readonly initializer: Reference | undefined
}

/** What is sent to a thread. */
export type ToThread =
  /** There are calls in the pool's memory. */
  | { readonly type: 'wake' }
  | {
      readonly type: 'call'
      readonly id: number
      /** Its place in the pool's memory. */
      readonly slot: number
      /** The function, or its number among those of the pool. */
      readonly fn: Reference | number
      readonly args: WireArguments
    }
  | { readonly type: 'cancel'; readonly id: number; readonly slot: number; readonly reason: WireError }
  /** The stream of the call may send as many values more. */
  | { readonly type: 'credit'; readonly id: number; readonly slot: number; readonly count: number }

/** What a thread sends. */
export type FromThread =
  /** There are results in the pool's memory. */
  | { readonly type: 'wake' }
  | { readonly type: 'value'; readonly id: number; readonly slot: number; readonly value: unknown }
  /** A value of a stream. */
  | { readonly type: 'item'; readonly id: number; readonly slot: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly slot: number; readonly error: WireError }
  /** It takes calls. */
  | { readonly type: 'ready' }
  /** The initializer has failed. */
  | { readonly type: 'broken'; readonly error: WireError }
  /** Its last words: an error that nobody caught, and that it ends. */
  | { readonly type: 'uncaught'; readonly error: WireError }
  | { readonly type: 'exit'; readonly code: number }
  /** Never sent, but found in the place of a message that cannot be read here. */
  | { readonly type: 'lost'; readonly error: unknown }
