import type { Gate } from './gate.ts'

/** Runs `work` off the clock, and gives its result; a run does so with one piece of work at a time. */
export type Untimed = <T>(work: () => T | PromiseLike<T>) => Promise<T>

/** One of those that are compared: does the work once, and gives what must come out of it. */
export interface Contender {
  readonly name: string
  run(untimed: Untimed): unknown
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
