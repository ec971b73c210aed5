import { performance } from 'node:perf_hooks'
import type { DeadLetter, MessageQueue, QueueStats } from '@fosen/queue'
import { type DeadFile, type Job, type JobEvent, type JobStats, type Killed, mostLoad } from '../job.ts'
import { EventHub } from '../trace/event-hub.ts'
import { watchProcess } from '../trace/watch-thread.ts'
import type { Crew, ThreadUse } from './crew.ts'
import { Ledger } from './ledger.ts'
import type { Outcome } from './outcome.ts'
import { Patience, type PatienceOptions } from './patience.ts'
import { type Found, walk } from './producer.ts'
import type { Message, Row } from './row.ts'
import { until } from './until.ts'

export interface JobOptions extends PatienceOptions {
  readonly folder: string
  readonly queue: MessageQueue<Message>
  /** Starts who does the work. */
  readonly hire: (job: Hiring) => Crew
  /** A path that is not indexed: the file that the index is written to. */
  readonly skip: string
  /** How many files are indexed at the most. */
  readonly limit?: number | undefined
  /** How often a worker, or a thread, is killed while there is work, in milliseconds; never by default. */
  readonly chaos?: number | undefined
  /** Whether what happens can be watched. */
  readonly watched?: boolean | undefined
  /** Called when files were found, and when one is done. */
  readonly onProgress?: ((progress: { readonly found: number; readonly done: number }) => void) | undefined
}

/** What no page can tell of a queue that is gone. */
const unknown: QueueStats = { ready: 0, delayed: 0, inFlight: 0, dead: 0, oldestAge: undefined, paused: false }

/** What a crew is given. */
export interface Hiring {
  readonly complete: (message: Omit<Message, 'path'>, row: Row) => void
  readonly tell: (...events: readonly JobEvent[]) => void
  /** Ends the job: the work cannot go on. */
  readonly giveUp: (reason: string) => void
  /** Aborted when nothing is waited for any longer. */
  readonly over: AbortSignal
}

/**
 * A folder that is indexed: walk → queue → crew → rows.
 *
 * When it is interrupted, what is being read is finished, if that takes no longer than the drain. Threads that are not
 * done by then are left to themselves.
 */
export class IndexJob implements Job, AsyncDisposable {
  readonly folder: string
  readonly #options: JobOptions
  readonly #ledger = new Ledger()
  readonly #patience: Patience
  readonly #crew: Crew
  readonly #hub = new EventHub()
  readonly #closing = new DisposableStack()
  readonly #walking: Promise<void>
  readonly #started = performance.now()
  #walked = false
  readonly #killed: Killed[] = []
  #closed: Promise<Outcome> | undefined

  constructor(options: JobOptions) {
    const { folder, queue, hire, chaos, watched = false } = options
    this.folder = folder
    this.#options = options
    this.#closing.use(this.#hub)
    this.#patience = this.#closing.use(new Patience(queue, options))
    if (watched) this.#closing.use(watchProcess(event => this.#hub.tell(event)))
    this.#crew = hire({
      complete: (message, row) => {
        this.#ledger.complete(message, row)
        this.#progress()
      },
      tell: (...events) => this.#hub.tell(...events),
      giveUp: reason => this.#patience.giveUp(reason),
      over: this.#patience.over,
    })
    if (chaos !== undefined) {
      let done = 0
      const timer = setInterval(() => {
        // However often it strikes, some work is done in between.
        if (this.#closed || this.#ledger.done === done) return
        done = this.#ledger.done
        void this.killWorker()
      }, chaos)
      this.#closing.defer(() => clearInterval(timer))
    }
    this.#walking = this.#walk()
    this.#walking.catch(() => {})
  }

  watch(listener: (events: readonly JobEvent[]) => void): Disposable {
    return this.#hub.watch(listener)
  }

  async stats(): Promise<JobStats> {
    const { over } = this.#patience
    const queue = (await until(over, this.#options.queue.stats())) ?? unknown
    const { expected: found, done, repeated } = this.#ledger
    const isBusy = queue.ready + queue.delayed + queue.inFlight > 0
    const phase = this.#patience.stopped.aborted || this.#closed ? 'ended' : isBusy ? 'working' : 'idle'
    const { workers } = this.#crew
    return { phase: this.#walked || phase === 'ended' ? phase : 'walking', found, done, repeated, queue, workers }
  }

  pause(): Promise<void> {
    return this.#options.queue.pause()
  }

  resume(): Promise<void> {
    return this.#options.queue.resume()
  }

  async addLoad(files: number): Promise<number> {
    if (!Number.isInteger(files) || files < 1 || files > mostLoad) {
      throw new RangeError(`files must be an integer from 1 to ${mostLoad}, not ${files}`)
    }
    if (this.#closed) return 0
    const messages = this.#ledger.addLoad(files)
    this.#progress()
    // It takes as long as there is no room: nobody waits for that.
    this.#put(messages).catch(error => process.emitWarning(error))
    return messages.length
  }

  async killWorker(pid?: number): Promise<Killed | undefined> {
    const killed = await this.#crew.kill(pid)
    if (killed) this.#killed.push(killed)
    return killed
  }

  async deadLetters(): Promise<DeadFile[]> {
    const letters = await this.#options.queue.deadLetters.list()
    return letters.map(({ id, value, attempts, error }) => {
      return { id, path: value?.path ?? '', attempts, error: describe(error) }
    })
  }

  requeue(ids?: readonly string[]): Promise<number> {
    this.#crew.mend()
    return this.#options.queue.deadLetters.requeue(ids)
  }

  /**
   * Waits until all is done that there is to do, or the job is to end: interrupted, or left by its queue or its workers.
   *
   * @throws Error when the folder cannot be read
   */
  async whenIdle(): Promise<void> {
    const { stopped } = this.#patience
    await this.#walking
    await until(stopped, this.#options.queue.join({ signal: stopped }))
    await until(stopped, this.#crew.rowsCome(stopped))
  }

  /** What is done, and what is not; what the queue has lost is known when the job is idle. */
  async outcome(): Promise<Outcome> {
    return await this.#outcome([])
  }

  /** Ends the job, when what is being read is done. */
  close(): Promise<Outcome> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose]() {
    await this.close()
  }

  async #close(): Promise<Outcome> {
    using _closing = this.#closing
    const patience = this.#patience
    const { stopped, drain } = patience
    let threads = stopped.aborted ? undefined : await until(stopped, this.#crew.stop())
    threads ??= await this.#crew.stop({ deadline: patience.end === 'gone' ? 0 : drain })
    return await this.#outcome(threads)
  }

  async #outcome(threads: readonly ThreadUse[]): Promise<Outcome> {
    const { queue } = this.#options
    const { over } = this.#patience
    const [letters = [], stats] = [await until(over, queue.deadLetters.list()), await until(over, queue.stats())]
    const errors = new Map(letters.map(({ value, error }) => [value?.id, describe(error)]))
    const isEmpty = stats !== undefined && stats.ready + stats.delayed + stats.inFlight === 0
    // Interrupted when nothing was left to do, it has done everything.
    const isOver = this.#walked && isEmpty && this.#patience.end !== 'gone'
    return {
      ...this.#ledger.account(errors, isOver),
      end: isOver ? 'done' : this.#patience.end,
      reason: this.#patience.reason,
      found: this.#ledger.found,
      repeated: this.#ledger.repeated,
      killed: this.#killed,
      walked: this.#walked,
      milliseconds: performance.now() - this.#started,
      mostInFlight: this.#crew.mostInFlight,
      threads,
    }
  }

  async #walk() {
    const { folder, skip, limit = Infinity } = this.#options
    const { stopped } = this.#patience
    for await (const files of walk(folder, skip)) {
      if (stopped.aborted) return
      await this.#find(files.slice(0, limit - this.#ledger.found))
      if (this.#ledger.found >= limit) break
    }
    this.#walked = !stopped.aborted
  }

  async #find(files: readonly Found[]) {
    const messages = this.#ledger.find(files)
    this.#progress()
    await this.#put(messages)
  }

  /** One that is on its way to a backend that is gone would not be ended by its signal. */
  async #put(messages: readonly Message[]) {
    const { stopped } = this.#patience
    await until(stopped, this.#options.queue.putMany(messages, { signal: stopped }))
  }

  #progress() {
    const { expected: found, done } = this.#ledger
    this.#options.onProgress?.({ found, done })
  }
}

function describe(error: DeadLetter<Message>['error']): string {
  return error ? `${error.name}: ${error.message}` : 'given up'
}
