import { type Consumer, consume, type MessageQueue, type StopOptions } from '@fosen/queue'
import type { Killed, WorkerStats } from '../job.ts'
import type { Crew, ThreadUse } from '../pipeline/crew.ts'
import type { Hiring } from '../pipeline/index-job.ts'
import { until } from '../pipeline/until.ts'
import type { RowMessage, WorkerTask } from './messages.ts'
import { WorkerProcess } from './worker-process.ts'

/** How often in a row a worker may fail to start before that is the end. */
const mostFailures = 5

/** How long workers may take to end beyond the deadline of what they handle, in milliseconds. */
const farewell = 3_000

/** What the workers are to do. */
export type CrewTask = Omit<WorkerTask, 'rows' | 'retries'> & { readonly workers: number; readonly retries: number }

/**
 * The work is done in worker processes. One that dies is replaced; what it had not finished is delivered to others, and
 * each row is in Redis before its file's message is gone: of a file that was killed in between, the row comes twice.
 */
export class ProcessCrew implements Crew {
  readonly mostInFlight = undefined
  #task: WorkerTask
  readonly #hiring: Hiring
  readonly #rows: MessageQueue<RowMessage>
  readonly #consumer: Consumer<RowMessage>
  readonly #workers = new Set<WorkerProcess>()
  readonly #ended: WorkerProcess[] = []
  #failures = 0
  #stopping = false

  constructor({ workers, ...task }: CrewTask, rows: MessageQueue<RowMessage>, hiring: Hiring) {
    this.#task = { ...task, retries: Number.isFinite(task.retries) ? task.retries : null, rows: rows.name }
    this.#rows = rows
    this.#hiring = hiring
    this.#consumer = consume(
      rows,
      messages => {
        for (const { message, row, pid } of messages) {
          this.#find(pid)?.count()
          hiring.complete(message, row)
        }
      },
      {
        batch: { size: 100 },
        onError(error) {
          // At the end of a job whose Redis is gone, that was said.
          if (!hiring.over.aborted) process.emitWarning(error as Error)
        },
      },
    )
    for (let i = 0; i < workers; i++) this.#start()
  }

  get workers(): readonly WorkerStats[] {
    return Array.from(this.#workers, ({ stats }) => stats)
  }

  /** Any that has done something: who is killed at once each time would get nothing done. */
  async kill(pid?: number): Promise<Killed | undefined> {
    const atWork = [...this.#workers].filter(({ stats }) => stats.done > 0)
    const any = atWork[Math.floor(Math.random() * atWork.length)]
    const worker = pid === undefined ? any : this.#find(pid)
    if (!worker) return undefined
    worker.kill()
    await worker.exited
    return { pid: worker.pid }
  }

  mend(): void {
    this.#task = { ...this.#task, fail: undefined }
    for (const worker of this.#workers) worker.tell({ type: 'mend' })
  }

  rowsCome(signal: AbortSignal): Promise<void> {
    return this.#rows.join({ signal })
  }

  async stop({ deadline }: StopOptions = {}): Promise<readonly ThreadUse[]> {
    this.#stopping = true
    const workers = [...this.#workers]
    for (const worker of workers) worker.tell({ type: 'stop', deadline })
    const late = setTimeout(() => this.#killAll(), deadline === 0 ? 0 : (deadline ?? 0) + farewell)
    await Promise.all(workers.map(worker => worker.exited))
    clearTimeout(late)
    const { over } = this.#hiring
    await until(over, this.rowsCome(over))
    await until(over, this.#consumer.stop())
    return this.#ended.flatMap(({ threads }, at) =>
      threads.map(({ name, utilization }) => ({ name: `${at + 1}/${name}`, utilization })),
    )
  }

  #killAll() {
    for (const worker of this.#workers) worker.kill()
  }

  #find(pid: number): WorkerProcess | undefined {
    return [...this.#workers].find(worker => worker.pid === pid)
  }

  #start() {
    if (this.#stopping) return
    const { tell } = this.#hiring
    const worker = new WorkerProcess(this.#task, {
      onEvents: events => tell(...events),
      onExit: (worker, how) => this.#onExit(worker, how),
    })
    this.#workers.add(worker)
    tell({ type: 'worker-start', pid: worker.pid, at: Date.now() })
  }

  #onExit(worker: WorkerProcess, how: string) {
    this.#workers.delete(worker)
    this.#hiring.tell({ type: 'worker-exit', pid: worker.pid, at: Date.now(), how })
    if (this.#stopping) {
      this.#ended.push(worker)
    } else if (worker.stats.done > 0 || how === 'SIGKILL') {
      // Somebody has killed it, or it did well: another one may live longer.
      this.#failures = 0
      this.#start()
    } else if (++this.#failures < mostFailures) {
      setTimeout(() => this.#start(), 100 * 2 ** this.#failures).unref()
    } else {
      this.#hiring.giveUp(`no worker can start: ${worker.reason ?? how}`)
    }
  }
}
