import { availableParallelism } from 'node:os'
import type { OpenQueue } from './open-queue.ts'
import type { DemoOptions } from './options.ts'
import { IndexJob, type JobOptions } from './pipeline/index-job.ts'
import { LocalCrew } from './pipeline/local-crew.ts'
import { ProcessCrew } from './workers/process-crew.ts'

/** How often chaos strikes, in milliseconds. */
const strikes = 1_000

/** Starts what the command line asks for. */
export function startJob(
  options: DemoOptions,
  { queue, shared }: OpenQueue,
  others: Pick<JobOptions, 'signal' | 'onProgress' | 'watched'>,
): IndexJob {
  const { folder, out, workers, chaos, fail, limit, drain } = options
  const { watched = false } = others
  // What is killed again and again is not to be given up.
  const retries = chaos ? Infinity : 3
  const hire: JobOptions['hire'] = hiring => {
    if (workers === undefined || !shared) {
      const { threads } = options
      return new LocalCrew(queue, { folder, threads, retries, watched, fail, deliver: hiring.complete })
    }
    const threads = options.threads ?? Math.ceil(availableParallelism() / workers)
    const { url, rows } = shared
    return new ProcessCrew({ workers, url, files: queue.name, folder, threads, retries, watched, fail }, rows, hiring)
  }
  return new IndexJob({ folder, queue, hire, skip: out, limit, chaos: chaos ? strikes : undefined, drain, ...others })
}
