import type { JobEvent } from '../job.ts'
import type { ThreadUse } from '../pipeline/crew.ts'
import type { Message, Row } from '../pipeline/row.ts'

/** A row on its way back, in a queue of its own. It is put before its file's message is acked: either is there. */
export interface RowMessage {
  readonly message: Omit<Message, 'path'>
  readonly row: Row
  /** The worker that it comes from. */
  readonly pid: number
}

/** What a worker process is to do. */
export interface WorkerTask {
  readonly url: string
  /** The names of the queues: of what is to be done, and of what is. */
  readonly files: string
  readonly rows: string
  /** As for a Workshop; `retries` is null for as often as it takes, since JSON knows no Infinity. */
  readonly folder: string
  readonly threads: number
  readonly retries: number | null
  readonly watched: boolean
  readonly fail: string | undefined
}

/** What the parent tells a worker. */
export type ToWorker =
  | { readonly type: 'start'; readonly task: WorkerTask }
  | { readonly type: 'mend' }
  /** Finish what is under way, in so many milliseconds or as long as it takes, and end. */
  | { readonly type: 'stop'; readonly deadline: number | undefined }

/** What a worker tells its parent. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'events'; readonly events: readonly JobEvent[] }
  /** It cannot start. */
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'ended'; readonly threads: readonly ThreadUse[] }
