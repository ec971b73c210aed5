import { performance } from 'node:perf_hooks'
import { LoopThread, runCoroutineThreadsafe } from '@fosen/event-loop'
import { type Consumer, type ConsumerStats, consume, type MessageQueue, type StopOptions } from '@fosen/queue'
import type { ThreadUse } from './crew.ts'
import { closePool, indexFile, openPool } from './index-file.ts'
import type { Message, Row } from './row.ts'
import { terminateThread } from './terminate-thread.ts'
import { until } from './until.ts'

/** Messages handled at a time. */
const concurrency = 64

/** How long threads may take to end when nobody waits for what they do, in milliseconds. */
const farewell = 2_000

export interface WorkshopOptions {
  /** Absolute. */
  readonly folder: string
  /** Threads that compute; by default as many as the machine has CPUs. */
  readonly threads: number | undefined
  /** How often a file is tried again on which the work has failed. */
  readonly retries: number
  /** Whether its threads tell what they do. */
  readonly watched: boolean
  /** Work on files whose path has this in it fails. */
  readonly fail: string | undefined
  /** The message is done when this has fulfilled. */
  readonly deliver: (message: Message, row: Row) => unknown
}

/** Works off a queue in this process: each message is a coroutine in a loop thread, which has threads of a pool compute. */
export class Workshop implements AsyncDisposable {
  readonly #thread = new LoopThread({ name: 'loop' })
  readonly #consumer: Consumer<Message>
  readonly #busy = performance.eventLoopUtilization()
  readonly #ending = new AbortController()
  #fail: string | undefined
  #mostInFlight = 0
  #stop: Promise<readonly ThreadUse[]> | undefined

  constructor(queue: MessageQueue<Message>, { folder, threads, retries, watched, fail, deliver }: WorkshopOptions) {
    this.#fail = fail
    this.#thread.callSoonThreadsafe(openPool, threads, watched)
    this.#consumer = consume(
      queue,
      async (message, { signal }) => {
        const { path } = message
        this.#mostInFlight = Math.max(this.#mostInFlight, this.#consumer.stats().running)
        if (this.#fail && path.includes(this.#fail)) throw new Error(`--fail: the path has ${this.#fail} in it`)
        await deliver(message, await runCoroutineThreadsafe(indexFile(folder, path), this.#thread, { signal }))
      },
      { concurrency, retries },
    )
  }

  get stats(): ConsumerStats {
    return this.#consumer.stats()
  }

  get mostInFlight(): number {
    return this.#mostInFlight
  }

  mend(): void {
    this.#fail = undefined
  }

  /** @returns the thread's name; undefined when none has begun a file within `timeout` milliseconds, or the work has ended */
  async terminateThread(timeout: number): Promise<string | undefined> {
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), this.#ending.signal])
    return await until(signal, runCoroutineThreadsafe(terminateThread(), this.#thread, { signal }))
  }

  /** Waits for the messages that are handled; @returns how busy the threads were */
  async stop(options?: StopOptions): Promise<readonly ThreadUse[]> {
    await this.#consumer.stop(options)
    this.#stop ??= this.#end()
    return await this.#stop
  }

  async [Symbol.asyncDispose]() {
    await this.stop({ deadline: 0 })
  }

  async #end(): Promise<readonly ThreadUse[]> {
    this.#ending.abort()
    const thread = this.#thread
    const over = AbortSignal.timeout(farewell)
    const uses = [
      { name: 'main', utilization: performance.eventLoopUtilization(this.#busy).utilization },
      { name: thread.name, utilization: thread.utilization() },
      // A loop thread that crashed has taken its pool with it; its files have their errors.
      ...((thread.isAlive() && (await until(over, runCoroutineThreadsafe(closePool(), thread)))) || []),
    ]
    await until(over, thread.close())
    return uses
  }
}
