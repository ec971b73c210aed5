import type { Reference } from '../portable.ts'
import type { WireError } from './error-codec.ts'
import type { WireArguments } from './wire-arguments.ts'

/** What a pool sends to its thread. */
export interface CallMessage {
  readonly type: 'call'
  readonly id: number
  readonly reference: Reference
  readonly args: WireArguments
}

/** What the thread answers. */
export type ResultMessage =
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
