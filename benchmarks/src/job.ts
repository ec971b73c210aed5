import { lowerGate } from './gate.ts'
import { measure, type Result } from './measure.ts'
import type { SuiteName } from './suites.ts'
import type { Suite } from './workload.ts'

/** What a process that runs a suite is to do. */
export interface Job {
  readonly suite: SuiteName
  /** Only workloads with this in their title. */
  readonly only: string
  readonly repetitions: number
  /** Whether gates are judged. */
  readonly judge: boolean
  /** How much of the peers' speed a gate asks for at most; workloads whose gate asks for none are left out. */
  readonly floor?: number | undefined
}

/** The workloads of a suite that a job is about, one after the other. */
export async function* runJob({ workloads }: Suite, job: Job, now?: () => number): AsyncGenerator<Result> {
  const { repetitions, judge, floor } = job
  for (const workload of workloads) {
    if (!workload.title.includes(job.only)) continue
    const gate = floor === undefined ? undefined : lowerGate(workload.gate, floor)
    if (floor !== undefined && !gate) continue
    yield await measure(workload, { repetitions, judge, ...(gate && { gate }), ...(now && { now }) })
  }
}
