import type { MessagePort } from 'node:worker_threads'
import type { Reference, WireArguments, WireError } from '@fosen/thread-async/worker'

/** What is sent to a loop in another thread. */
export type ToLoop =
  /** The first message: the memory by which the sender is woken when it is blocked, and of its CancelMarks. */
  | { readonly type: 'hello'; readonly parker: Int32Array<SharedArrayBuffer>; readonly marks: SharedArrayBuffer }
  /** `run` runs the coroutine that the function makes, and answers under `id`; `call` calls it, and answers nothing. */
  | {
      readonly type: 'run' | 'call'
      readonly id: number
      /** The number of the function; the first message with it tells which that is. */
      readonly fn: number
      readonly reference: Reference | undefined
      readonly args: WireArguments
    }
  /** Takes back what was sent under `id`; too late is fine. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Another thread is to send to the loop, too. */
  | { readonly type: 'connect'; readonly port: MessagePort }
  | { readonly type: 'stop' }

/** What the loop sends. */
export type FromLoop =
  /** The answers to `run`. */
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'cancelled'; readonly id: number; readonly error: WireError }
  /** The thread's last words. */
  | { readonly type: 'crashed'; readonly cause: WireError }
