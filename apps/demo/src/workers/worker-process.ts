import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { JobEvent, WorkerStats } from '../job.ts'
import type { ThreadUse } from '../pipeline/crew.ts'
import type { FromWorker, ToWorker, WorkerTask } from './messages.ts'

const entry = join(import.meta.dirname, 'worker.ts')

/** What the parent tells of Redis itself, once. */
const known = ['RedisServerWarning', 'RedisConnectionWarning'].map(type => `--disable-warning=${type}`)

export interface WorkerProcessEvents {
  readonly onEvents: (events: readonly JobEvent[]) => void
  /** @param how the signal that it was ended by, or its exit code */
  readonly onExit: (worker: WorkerProcess, how: string) => void
}

/** A worker process, from its start to its end. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #exit = Promise.withResolvers<void>()
  #state: WorkerStats['state'] = 'starting'
  #done = 0
  #reason: string | undefined
  #threads: readonly ThreadUse[] = []
  readonly pid: number

  /** @throws Error when no process can be started */
  constructor(task: WorkerTask, { onEvents, onExit }: WorkerProcessEvents) {
    // Nothing but the summary goes to stdout.
    const execArgv = [...process.execArgv, ...known]
    this.#child = fork(entry, [], { execArgv, stdio: ['ignore', 2, 2, 'ipc'] })
    this.pid = this.#child.pid ?? 0
    this.#child.on('message', (message: FromWorker) => {
      if (message.type === 'events') onEvents(message.events)
      else if (message.type === 'ready') this.#state = 'ready'
      else if (message.type === 'failed') this.#reason = message.reason
      else this.#threads = message.threads
    })
    const end = (how: string) => {
      this.#exit.resolve()
      onExit(this, how)
    }
    this.#child.on('error', error => {
      if (this.pid === 0) end(error.message)
    })
    this.#child.on('exit', (code, signal) => end(signal ?? `code ${code}`))
    this.tell({ type: 'start', task })
  }

  get stats(): WorkerStats {
    return { pid: this.pid, state: this.#state, done: this.#done }
  }

  /** Why it could not start. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** How busy its threads were, when it has ended well. */
  get threads(): readonly ThreadUse[] {
    return this.#threads
  }

  /** Resolves when it has ended. */
  get exited(): Promise<void> {
    return this.#exit.promise
  }

  /** A row has come from it. */
  count(): void {
    this.#done++
  }

  tell(message: ToWorker): void {
    // One that has just died tells so by its exit.
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
