import type { QueueStats } from '@fosen/queue'

/** What one `addLoad` may add. */
export const mostLoad = 100_000

/**
 * A run of the demo while it goes on, and after it: what happens in it can be watched, and it can be acted upon.
 *
 * It stays open when all its files are done, so that more can be added and what has failed be tried again, until it is
 * closed by whoever has started it.
 */
export interface Job {
  /** The folder that is indexed, absolute. */
  readonly folder: string
  /**
   * Tells from now on what happens, in this process and in the worker processes, some events at a time, in order within a
   * thread. Who does not watch costs nothing.
   *
   * @returns ends it when it is disposed of
   */
  watch(listener: (events: readonly JobEvent[]) => void): Disposable
  stats(): Promise<JobStats>
  /** Has nothing further taken from the queue; what is being done goes on. */
  pause(): Promise<void>
  resume(): Promise<void>
  /**
   * Has files that were found done again, which the index does not show.
   *
   * @param files how many, an integer from 1 to `mostLoad`
   * @returns how many there are to be: 0 while none was found
   */
  addLoad(files: number): Promise<number>
  /**
   * Kills a worker process with SIGKILL, which is replaced; in a job of one process it terminates a thread that computes.
   * What it was doing is done again.
   *
   * @param pid of which worker; by default of one that is at work
   * @returns what was killed; undefined when there is no such worker, or none at work
   */
  killWorker(pid?: number): Promise<Killed | undefined>
  /** The messages that were given up, oldest first. */
  deadLetters(): Promise<DeadFile[]>
  /**
   * Has them tried again. What `--fail` has made fail succeeds from now on.
   *
   * @param ids of which dead letters; all by default
   * @returns how many there were
   */
  requeue(ids?: readonly string[]): Promise<number>
}

export interface Killed {
  readonly pid: number
  /** The thread's name, when it was a thread that was terminated. */
  readonly thread?: string
}

export interface DeadFile {
  /** The message's id. */
  readonly id: string
  /** The file, relative to the folder. */
  readonly path: string
  readonly attempts: number
  readonly error: string
}

export type JobEvent = OperationEvent | WorkerEvent

/** The beginning or the end of an operation that a tracing channel of the packages has told. */
export interface OperationEvent {
  readonly type: 'start' | 'end'
  /** The tracing channel, such as `fosen:queue:process`. */
  readonly channel: string
  /** What is done: `consume`, the name of the function that a thread calls, or that of a task: the file's, once it has begun. */
  readonly name: string
  /** The same at the start and at the end; unique within a thread. */
  readonly operation: number
  readonly pid: number
  /** The number of the thread that told it, as node:worker_threads has it: 0 is the main one. */
  readonly threadId: number
  /** What the thread is called in its process: `main`, `loop-1`, `analyse-1`. */
  readonly thread: string
  /** Milliseconds since 1970, with fractions. */
  readonly at: number
  /** The file that it is about, relative to the folder, where it is about one. */
  readonly file?: string
  /** Which attempt at the file this is, 1 for the first, where that is known. */
  readonly attempt?: number
  /** How many messages it is about, at the end of `fosen:queue:send`. */
  readonly messages?: number
  /** What it has failed with, at the end, as text. */
  readonly error?: string
}

export interface WorkerEvent {
  /** `exit` also when it was killed: what it had not finished is delivered to others. */
  readonly type: 'worker-start' | 'worker-exit'
  readonly pid: number
  readonly at: number
  /** At the exit: the signal that it was killed with, or `code 1`. */
  readonly how?: string
}

export interface JobStats {
  /** `idle` when nothing is left to do, `ended` when it was closed, or its queue is gone. */
  readonly phase: 'walking' | 'working' | 'idle' | 'ended'
  /** Files found, and added by `addLoad`. */
  readonly found: number
  /** Those that are done: their row is there. */
  readonly done: number
  /** Those whose row has come more than once. */
  readonly repeated: number
  readonly queue: QueueStats
  readonly workers: readonly WorkerStats[]
}

export interface WorkerStats {
  readonly pid: number
  /** `ready` once it takes messages. */
  readonly state: 'starting' | 'ready'
  /** Rows that came from it. */
  readonly done: number
}
