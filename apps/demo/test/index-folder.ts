import { DequeQueue } from '@fosen/queue-deque'
import { type PipelineOptions, runPipeline } from '../src/pipeline/pipeline.ts'
import type { Job } from '../src/pipeline/row.ts'

type Settings = Partial<Omit<PipelineOptions, 'folder' | 'skip'>>

/** Runs the pipeline over the folder. */
export async function indexFolder(folder: string, settings: Settings = {}) {
  await using queue = new DequeQueue<Job>({ capacity: 10 })
  const { signal } = new AbortController()
  return await runPipeline({ folder, queue, skip: '', threads: 1, signal, onProgress() {}, ...settings })
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
