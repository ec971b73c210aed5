import type { Reference, WireArguments, WireError } from '@fosen/thread-async/worker'

/** What is sent to a loop in another thread. */
export type ToLoop =
  /** Runs the coroutine that the function makes, and answers under `id`. */
  | { readonly type: 'run'; readonly id: number; readonly reference: Reference; readonly args: WireArguments }
  /** Calls the function in the loop, and answers nothing. */
  | { readonly type: 'call'; readonly id: number; readonly reference: Reference; readonly args: WireArguments }
  /** Takes back what was sent under `id`; too late is fine. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'stop' }

/** What the loop answers to `run`. */
export type FromLoop =
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'cancelled'; readonly id: number; readonly error: WireError }
