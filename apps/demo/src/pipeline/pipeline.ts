import { performance } from 'node:perf_hooks'
import { LoopThread, runCoroutineThreadsafe } from '@fosen/event-loop'
import { consume, type MessageQueue } from '@fosen/queue'
import { closePool, indexFile, openPool } from './index-file.ts'
import { Patience, type PatienceOptions } from './patience.ts'
import { type Found, walk } from './producer.ts'
import type { Job, Row } from './row.ts'
import { until } from './until.ts'

/** Messages handled at a time. */
const concurrency = 64

export interface PipelineOptions extends PatienceOptions {
  readonly folder: string
  readonly queue: MessageQueue<Job>
  /** A path that is not indexed: the file that the index is written to. */
  readonly skip: string
  readonly threads: number | undefined
  /** Called when files were found, and when one is done. */
  readonly onProgress: (progress: { readonly found: number; readonly done: number }) => void
}

export interface Outcome {
  readonly rows: readonly Row[]
  /** Whether it went on to its end, was interrupted, or was left by its queue. */
  readonly end: Patience['end']
  /** How many files were found; more than there are rows unless the run is done. */
  readonly found: number
  /** How many files the queue has lost; their rows say so. */
  readonly lost: number
  /** Whether the whole folder was walked. */
  readonly walked: boolean
  readonly milliseconds: number
  readonly mostInFlight: number
  readonly threads: readonly { readonly name: string; readonly utilization: number }[]
}

/**
 * Runs the pipeline: walk → queue → consumer → coroutine in a loop thread → threads that compute → rows.
 *
 * When it is interrupted, what is being read is finished, if that takes no longer than the drain. Threads that are not
 * done by then are left to themselves.
 */
export async function runPipeline(options: PipelineOptions): Promise<Outcome> {
  const { folder, queue } = options
  using patience = new Patience(queue, options)
  const { stopped, over, drain } = patience
  const started = performance.now()
  const busy = performance.eventLoopUtilization()
  // By the number of the file: a message that is delivered twice is one row.
  const rows = new Map<number, Row>()
  const waiting = new Map<number, string>()
  let found = 0
  let mostInFlight = 0
  const done = (id: number, row: Row) => {
    waiting.delete(id)
    rows.set(id, row)
    options.onProgress({ found, done: rows.size })
  }

  await using opened = new AsyncDisposableStack()
  const thread = new LoopThread({ name: 'loop' })
  opened.defer(() => until(over, thread.close()))
  thread.callSoonThreadsafe(openPool, options.threads)
  const consumer = consume(
    queue,
    async (job, delivery) => {
      mostInFlight = Math.max(mostInFlight, consumer.stats().running)
      done(job.id, await runCoroutineThreadsafe(indexFile(folder, job.path), thread, { signal: delivery.signal }))
    },
    { concurrency },
  )
  opened.defer(() => consumer.stop({ deadline: drain }))

  const walked = await produce()
  if (walked) await until(stopped, queue.join({ signal: stopped }))
  await until(stopped, consumer.stop())
  if (stopped.aborted) await consumer.stop({ deadline: patience.end === 'gone' ? 0 : drain })
  for (const { value, error } of (await until(over, queue.deadLetters.list())) ?? []) {
    if (value) done(value.id, { path: value.path, error: `${error?.name}: ${error?.message}` })
  }
  const { end } = patience
  const lost = end === 'done' ? waiting.size : 0
  if (lost > 0) for (const [id, path] of waiting) done(id, { path, error: 'lost by the queue' })

  return {
    rows: [...rows.values()],
    end,
    found,
    lost,
    walked,
    milliseconds: performance.now() - started,
    mostInFlight,
    threads: [
      { name: 'main', utilization: performance.eventLoopUtilization(busy).utilization },
      { name: thread.name, utilization: thread.utilization() },
      // A loop thread that crashed has taken its pool with it; its files have their errors.
      ...((thread.isAlive() && (await until(over, runCoroutineThreadsafe(closePool(), thread)))) || []),
    ],
  }

  async function produce(): Promise<boolean> {
    for await (const files of walk(folder, options.skip)) {
      if (stopped.aborted) return false
      await put(files)
    }
    return !stopped.aborted
  }

  async function put(files: readonly Found[]) {
    const jobs: Job[] = []
    for (const { path, error } of files) {
      const id = found++
      if (error === undefined) {
        waiting.set(id, path)
        jobs.push({ id, path })
      } else {
        done(id, { path, error })
      }
    }
    options.onProgress({ found, done: rows.size })
    // One that is on its way to a backend that is gone would not be ended by its signal.
    await until(stopped, queue.putMany(jobs, { signal: stopped }))
  }
}
