import { performance } from 'node:perf_hooks'
import { LoopThread, runCoroutineThreadsafe } from '@fosen/event-loop'
import { consume, type MessageQueue } from '@fosen/queue'
import { closePool, indexFile, openPool } from './index-file.ts'
import { type Found, walk } from './producer.ts'
import type { Job, Row } from './row.ts'

/** Messages handled at a time. */
const concurrency = 64
/** How long an interrupted run waits for the files that are being read, in milliseconds. */
const drain = 10_000

export interface PipelineOptions {
  readonly folder: string
  readonly queue: MessageQueue<Job>
  /** A path that is not indexed: the file that the index is written to. */
  readonly skip: string
  readonly threads: number | undefined
  /** Ends the run early: what is being read is finished. */
  readonly signal: AbortSignal
  /** Called when files were found, and when one is done. */
  readonly onProgress: (progress: { readonly found: number; readonly done: number }) => void
}

export interface Outcome {
  readonly rows: readonly Row[]
  /** How many files were found; more than there are rows when the run was interrupted. */
  readonly found: number
  /** Whether the whole folder was walked. */
  readonly walked: boolean
  readonly milliseconds: number
  readonly mostInFlight: number
  readonly threads: readonly { readonly name: string; readonly utilization: number }[]
}

/** Runs the pipeline: walk → queue → consumer → coroutine in a loop thread → threads that compute → rows. */
export async function runPipeline(options: PipelineOptions): Promise<Outcome> {
  const { folder, queue, signal } = options
  const started = performance.now()
  const busy = performance.eventLoopUtilization()
  // By the number of the file: a message that is delivered twice is one row.
  const rows = new Map<number, Row>()
  let found = 0
  let mostInFlight = 0
  const done = (id: number, row: Row) => {
    rows.set(id, row)
    options.onProgress({ found, done: rows.size })
  }

  await using thread = new LoopThread({ name: 'loop' })
  thread.callSoonThreadsafe(openPool, options.threads)
  await using consumer = consume(
    queue,
    async (job, delivery) => {
      mostInFlight = Math.max(mostInFlight, consumer.stats().running)
      done(job.id, await runCoroutineThreadsafe(indexFile(folder, job.path), thread, { signal: delivery.signal }))
    },
    { concurrency },
  )

  const walked = await produce()
  if (walked) await queue.join({ signal }).catch(ignoreAbort(signal))
  await consumer.stop({ deadline: drain })
  for (const { value, error } of await queue.deadLetters.list()) {
    if (value) done(value.id, { path: value.path, error: `${error?.name}: ${error?.message}` })
  }

  return {
    rows: [...rows.values()],
    found,
    walked,
    milliseconds: performance.now() - started,
    mostInFlight,
    threads: [
      { name: 'main', utilization: performance.eventLoopUtilization(busy).utilization },
      { name: thread.name, utilization: thread.utilization() },
      // A loop thread that crashed has taken its pool with it; its files have their errors.
      ...(thread.isAlive() ? await runCoroutineThreadsafe(closePool(), thread) : []),
    ],
  }

  async function produce(): Promise<boolean> {
    for await (const files of walk(folder, options.skip)) {
      if (signal.aborted) return false
      await put(files).catch(ignoreAbort(signal))
    }
    return !signal.aborted
  }

  async function put(files: readonly Found[]) {
    const jobs: Job[] = []
    for (const { path, error } of files) {
      const id = found++
      if (error === undefined) jobs.push({ id, path })
      else done(id, { path, error })
    }
    options.onProgress({ found, done: rows.size })
    await queue.putMany(jobs, { signal })
  }
}

const ignoreAbort = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted || error !== signal.reason) throw error
}
