import type { Gate } from './gate.ts'

/** Runs `work` off the clock, and gives its result; a run does so with one piece of work at a time. */
export type Untimed = <T>(work: () => T | PromiseLike<T>) => Promise<T>

/** What a run gives that has measured itself, as another process can: this time counts. */
export class Timed {
  readonly given: unknown
  readonly milliseconds: number

  constructor(given: unknown, milliseconds: number) {
    this.given = given
    this.milliseconds = milliseconds
  }
}

/** One of those that are compared. */
export interface Contender {
  readonly name: string
  /** Does the work once, and gives what must come out of it, maybe as `Timed`. */
  run(untimed: Untimed): unknown
  /** What one operation holds in memory while it is in flight; measured when all runs are over. */
  bytes?(): number | PromiseLike<number>
}

/** A peer that is not on this machine. */
export interface MissingPeer {
  readonly name: string
  /** What to type to have it. */
  readonly missing: string
}

export interface Workload {
  readonly title: string
  /** Operations in one run. */
  readonly operations: number
  /** What every run of every contender must give. */
  readonly expected: unknown
  /** Ours first. */
  readonly contenders: readonly [ours: Contender, ...peers: (Contender | MissingPeer)[]]
  /** Milliseconds of turns before they count, so that all code is compiled; one round of turns at least. */
  readonly warmUp?: number | undefined
  readonly gate?: Gate | undefined
}

/** Workloads, and what is closed after the last of them. */
export interface Suite extends AsyncDisposable {
  readonly workloads: readonly Workload[]
}
