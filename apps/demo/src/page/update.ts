import type { DeadFile, JobStats } from '../job.ts'
import type { WindowFigures } from './window.ts'

/** What the page is told, each quarter of a second: what has come since the last update, and how things are. */
export interface Update {
  /** Whether this is all there is: what was told before is to be forgotten. */
  readonly reset: boolean
  /** Milliseconds since 1970; all other times are milliseconds from `origin`. */
  readonly origin: number
  readonly at: number
  readonly folder: string
  /** Undefined before the first answer of the job. */
  readonly stats: JobStats | undefined
  /** Why there are no new figures, as a sentence. */
  readonly problem: string | undefined
  /** Whether the run is at its end, and nothing happens: its time stands still. */
  readonly isStill: boolean
  readonly samples: readonly Sample[]
  readonly lanes: readonly Lane[]
  readonly ended: readonly Bar[]
  /** All that run at this moment. */
  readonly running: readonly Bar[]
  readonly kills: readonly Kill[]
  readonly slowest: readonly SlowFile[]
  readonly dead: readonly DeadFile[]
}

/** So many samples are kept: ten minutes. */
export const keptSamples = 2400

export interface Sample extends WindowFigures {
  readonly at: number
  readonly ready: number
  readonly inFlight: number
  readonly delayed: number
  readonly dead: number
}

/** A thread of a process. */
export interface Lane {
  readonly pid: number
  readonly thread: string
  /** How many bars were one above the other at the most. */
  readonly rows: number
  /** When its process ended; undefined while it lives. */
  readonly ended: number | undefined
}

export type BarKind = 'send' | 'task' | 'call'

/** An operation on the timeline: the place of its lane, its row there, and so on; a tuple, as there are many, with null for what is not there, as JSON has it. */
export type Bar = readonly [
  lane: number,
  row: number,
  kind: BarKind,
  start: number,
  end: number | null,
  what: string,
  attempt: number,
  error: string | null,
]

export interface Kill {
  readonly at: number
  readonly pid: number
  readonly how: string
}

export interface SlowFile {
  readonly file: string
  /** How long a thread was at it, in milliseconds. */
  readonly duration: number
  readonly attempt: number
  readonly pid: number
}
