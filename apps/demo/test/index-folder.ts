import { DequeQueue } from '@fosen/queue-deque'
import { IndexJob, type JobOptions } from '../src/pipeline/index-job.ts'
import { LocalCrew } from '../src/pipeline/local-crew.ts'
import type { Message } from '../src/pipeline/row.ts'

type Settings = Partial<Omit<JobOptions, 'folder' | 'skip'>> & { readonly threads?: number; readonly fail?: string }

/** A job in this process over a deque. */
export function startJob(folder: string, { threads = 1, fail, ...settings }: Settings = {}) {
  const { queue = new DequeQueue<Message>({ capacity: 10 }), watched = false, chaos } = settings
  const { signal } = new AbortController()
  const retries = chaos !== undefined ? Infinity : 3
  const hire: JobOptions['hire'] = ({ complete: deliver }) =>
    new LocalCrew(queue, { folder, threads, retries, watched, fail, deliver })
  return new IndexJob({ folder, queue, skip: '', signal, hire, ...settings })
}

/** Indexes the folder. */
export async function indexFolder(folder: string, settings: Settings = {}) {
  await using job = startJob(folder, settings)
  await job.whenIdle()
  return await job.close()
}

/** Calls back when the first files were found, before they are in the queue. */
export function onFound(callback: () => void): Settings {
  let called = false
  return {
    onProgress({ found }) {
      if (found > 0 && !called) callback()
      called = true
    },
  }
}
