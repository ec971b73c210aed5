import type { Latency } from './latency.ts'

export interface ThreadPoolStats {
  /** Calls that wait for a thread. */
  readonly queued: number
  /** Calls that a thread is running, cancelled ones that have not ended included. */
  readonly running: number
  /** From submission to the end of a call; undefined before the first one is done. */
  readonly latency: Latency | undefined
  /** `utilization` is the part of a thread's life that it was busy, from 0 to 1. */
  readonly threads: readonly { readonly name: string; readonly utilization: number }[]
}
