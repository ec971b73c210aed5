import type { ThreadSource } from './thread-source.ts'

/** What the thread of a heartbeat is told. */
export type ToHeartbeat =
  | {
      readonly type: 'open'
      readonly queue: number
      readonly source: ThreadSource
      readonly keys: readonly [leases: string, cancelled: string]
      readonly lease: number
      readonly prefix: string
      readonly table: SharedArrayBuffer
    }
  | { readonly type: 'table'; readonly queue: number; readonly table: SharedArrayBuffer }
  | { readonly type: 'close'; readonly queue: number }
  | { readonly type: 'pong' }
  | { readonly type: 'end' }

/** What it tells. */
export type FromHeartbeat =
  | { readonly type: 'lost'; readonly queue: number; readonly numbers: readonly number[] }
  | { readonly type: 'cancelled'; readonly queue: number; readonly ids: readonly string[] }
  | { readonly type: 'beat'; readonly queue: number }
  | { readonly type: 'failed'; readonly queue: number; readonly message: string }
  | { readonly type: 'ping' }
