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
  /** How much of the best peer's speed is asked for in place of each gate that asks for some; other workloads are left out. */
  readonly floor?: number | undefined
}

/** The workloads of a suite that a job is about, one after the other. */
export async function* runJob({ workloads }: Suite, job: Job, now?: () => number): AsyncGenerator<Result> {
  const { repetitions, judge, floor } = job
  const gate = floor === undefined ? undefined : { timesPeer: floor }
  for (const workload of workloads) {
    if (!workload.title.includes(job.only)) continue
    if (gate && !(workload.gate && 'timesPeer' in workload.gate)) continue
    yield await measure(workload, { repetitions, judge, ...(gate && { gate }), ...(now && { now }) })
  }
}
