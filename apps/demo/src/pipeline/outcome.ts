import type { Killed } from '../job.ts'
import type { ThreadUse } from './crew.ts'
import type { Patience } from './patience.ts'
import type { Row } from './row.ts'

/** What has become of a job. */
export interface Outcome {
  readonly rows: readonly Row[]
  /** Whether it has done everything, was interrupted, or was left by its queue or its workers. */
  readonly end: Patience['end']
  /** Why it was left. */
  readonly reason?: string | undefined
  /** How many files were found; more than there are rows unless the run is done. */
  readonly found: number
  /** How many were indexed more than once; they have one row each. */
  readonly repeated: number
  /** How many the work has failed on each time; their rows say so. */
  readonly dead: number
  /** How many files the queue has lost; their rows say so. */
  readonly lost: number
  /** The workers, or threads, that were killed on purpose. */
  readonly killed: readonly Killed[]
  /** Whether the whole folder was walked, or as far as it was to be. */
  readonly walked: boolean
  readonly milliseconds: number
  /** Undefined where it is not known. */
  readonly mostInFlight: number | undefined
  readonly threads: readonly ThreadUse[]
}
