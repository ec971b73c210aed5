import type { StopOptions } from '@fosen/queue'
import type { Killed, WorkerStats } from '../job.ts'

export interface ThreadUse {
  readonly name: string
  /** What part of its life it was busy, from 0 to 1. */
  readonly utilization: number
}

/** Who does the work of a job: takes its messages, and gives their rows. */
export interface Crew {
  readonly workers: readonly WorkerStats[]
  /** The most messages handled at a time, as far as that is known. */
  readonly mostInFlight: number | undefined
  /** As `Job.killWorker`. */
  kill(pid?: number): Promise<Killed | undefined>
  /** Has `--fail` make nothing fail any more. */
  mend(): void
  /** Waits until the rows have come of all that was done. */
  rowsCome(signal: AbortSignal): Promise<void>
  /**
   * Waits for the messages that are handled, and takes no further ones; stopping again is allowed, with another deadline.
   *
   * @returns how busy its threads were, of those that ended well
   */
  stop(options?: StopOptions): Promise<readonly ThreadUse[]>
}
