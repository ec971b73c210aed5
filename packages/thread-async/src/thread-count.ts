import { availableParallelism } from 'node:os'
import { isMainThread } from 'node:worker_threads'

/** How many threads pools may have in the process, all together, before the calls that a thread makes run in that thread. */
const most = Math.max(16, 4 * availableParallelism())

const key = Symbol.for('fosen.thread-count/1')
const globals = globalThis as { [key]?: Int32Array<SharedArrayBuffer> }

/** One cell for the process: how many threads there are. Threads get it from the thread that starts them. */
export function threadCount(): Int32Array<SharedArrayBuffer> {
  globals[key] ??= new Int32Array(new SharedArrayBuffer(4))
  return globals[key]
}

/** For a thread: the cell of its process. */
export function setThreadCount(cell: Int32Array<SharedArrayBuffer>): void {
  globals[key] = cell
}

/** Whether a pool of this thread may make no more: the process has many, and this is not the main thread. */
export function isFull(): boolean {
  return !isMainThread && Atomics.load(threadCount(), 0) >= most
}
