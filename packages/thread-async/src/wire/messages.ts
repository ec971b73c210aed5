import type { MessagePort } from 'node:worker_threads'
import type { Reference } from '../portable.ts'
import type { WireError } from './error-codec.ts'
import type { WireArguments } from './wire-arguments.ts'

/** What a thread starts with. */
export interface ThreadData {
  /** Its end of the line. */
  readonly port: MessagePort
  /** Held for as long as it lives. */
  readonly held: MessagePort
  /** The memory by which it wakes its caller, which may be blocked. */
  readonly caller: SharedArrayBuffer
  /** A cell for each call that it may run at a time: the id of the call there once that is cancelled, for code that never waits. */
  readonly cancelled: SharedArrayBuffer
  /** The cells that count the threads which it starts. */
  readonly counts: readonly SharedArrayBuffer[]
  /** What it runs before its first call. */
  readonly initializer: Reference | undefined
}

/** What is sent to a thread. */
export type ToThread =
  | {
      readonly type: 'call'
      readonly id: number
      readonly reference: Reference
      readonly args: WireArguments
      /** Its cell among the cancelled ones. */
      readonly slot: number
    }
  | { readonly type: 'cancel'; readonly id: number; readonly reason: WireError }
  /** The stream of the call may send as many values more. */
  | { readonly type: 'credit'; readonly id: number; readonly count: number }

/** What a thread sends. */
export type FromThread =
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  /** A value of a stream. */
  | { readonly type: 'item'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  /** The initializer has done its work. */
  | { readonly type: 'ready' }
  /** The initializer has failed. */
  | { readonly type: 'broken'; readonly error: WireError }
  /** Its last words: an error that nobody caught, and that it ends. */
  | { readonly type: 'uncaught'; readonly error: WireError }
  | { readonly type: 'exit'; readonly code: number }
  /** Never sent, but found in the place of a message that cannot be read here. */
  | { readonly type: 'lost'; readonly error: unknown }
