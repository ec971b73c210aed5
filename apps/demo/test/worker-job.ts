import { openQueue } from '../src/open-queue.ts'
import { IndexJob, type JobOptions } from '../src/pipeline/index-job.ts'
import { ProcessCrew } from '../src/workers/process-crew.ts'

type Settings = Partial<Pick<JobOptions, 'watched' | 'signal' | 'silence' | 'drain' | 'onProgress'>> & {
  /** Where the workers look for Redis, if that is somewhere else. */
  readonly workersUrl?: string
  readonly fail?: string
}

/** A job with two worker processes over this Redis; its queue ends with it. */
export async function startWorkerJob(folder: string, redisUrl: string, settings: Settings = {}) {
  const { queue, shared, ...opened } = await openQueue({ queue: 'redis', redisUrl })
  if (!shared) throw new Error('there is a Redis')
  const { workersUrl: url = redisUrl, fail, watched = false, ...others } = settings
  const task = { workers: 2, url, files: queue.name, folder, threads: 1, retries: 3, watched, fail }
  const { signal } = new AbortController()
  const hire: JobOptions['hire'] = hiring => new ProcessCrew(task, shared.rows, hiring)
  const job = new IndexJob({ folder, queue, skip: '', signal, hire, watched, ...others })
  const end = async () => {
    await job.close()
    await opened[Symbol.asyncDispose]()
    // With Redis gone, that may take longer than it is waited for.
    await Promise.all([queue.close(), shared.rows.close()])
  }
  return { job, queue, [Symbol.asyncDispose]: end }
}

/** Whether a process with this number lives. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
