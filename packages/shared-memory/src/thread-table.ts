import { inspect } from 'node:util'

/**
 * What there is for each thread, at its `threadId`, which no other thread of the process ever has:
 *
 *   DEAD, and who started the thread, counted from 1 │ the word at which its parker sleeps
 */
const threadBytes = 8
/** Set once the thread is dead. */
const DEAD = 1 << 31

/** Threads by which the table grows, and how many it may have: more are started by no process that ends. */
const step = 512
const most = 2 ** 24

const key = Symbol.for('fosen.thread-table/1')
const globals = globalThis as { [key]?: SharedArrayBuffer }

/** A view of the table as long as the table was when it was made: one that goes with its growth is five times as slow. */
let view = new Int32Array(new SharedArrayBuffer(0))

/**
 * The memory by which the threads of the process know each other: who started each, whether it is dead, and where it
 * sleeps. A thread is given it by who starts it.
 */
export function threadTable(): SharedArrayBuffer {
  globals[key] ??= new SharedArrayBuffer(threadBytes * step, { maxByteLength: threadBytes * most })
  return globals[key]
}

/**
 * For a thread, before anything else: the table of the thread that started it.
 *
 * @throws TypeError when it is no shared memory
 */
export function setThreadTable(table: SharedArrayBuffer): void {
  if (!(table instanceof SharedArrayBuffer)) throw new TypeError(`a SharedArrayBuffer is needed, not ${inspect(table)}`)
  globals[key] = table
}

/**
 * Enters a thread, unless it is there. The thread does that for itself before it takes a lock.
 *
 * @param thread its `threadId`
 * @param parent the `threadId` of the thread that started it, which is lower: it dies with that one
 * @throws RangeError when one is not an integer from 0 on, or the parent's is not the lower one
 */
export function addThread(thread: number, parent: number): void {
  if (checkThread(parent) >= thread) throw new RangeError(`thread ${thread} cannot have been started by ${parent}`)
  const words = wordsOf(checkThread(thread))
  if (words) Atomics.compareExchange(words, 2 * thread, 0, parent + 1)
}

/**
 * Says that a thread is dead, and with it every thread that it has started: those that it waits for, such as the waiters
 * of a Mutex that it holds, need not wait for it any more.
 *
 * Only for a thread that runs no code any more, as after its `exit` event.
 *
 * @param thread its `threadId`, as it was before the thread ended
 * @throws RangeError when it is not an integer from 0 on
 */
export function markDead(thread: number): void {
  const words = wordsOf(checkThread(thread))
  if (words) Atomics.or(words, 2 * thread, DEAD)
}

/** Whether a thread, or one of those above it, was marked. One that is not in the table is not dead. */
export function isDead(thread: number): boolean {
  const table = threadTable()
  for (let it = Number.isSafeInteger(thread) ? thread : -1; it >= 0; ) {
    if ((view.buffer !== table || !(2 * it < view.length)) && !look(table, it)) return false
    const word = Atomics.load(view, 2 * it)
    if (word & DEAD) return true
    it = word - 1
  }
  return false
}

/** Where in the words of the table a thread sleeps. */
export const parkIndex = (thread: number) => 2 * thread + 1

/** The words of the table, the thread's among them; undefined when the table can grow no further. */
export function wordsOf(thread: number): Int32Array<SharedArrayBuffer> | undefined {
  const table = threadTable()
  if (view.buffer === table && 2 * thread < view.length) return view
  const needed = threadBytes * step * Math.ceil((thread + 1) / step)
  while (table.byteLength < needed && needed <= table.maxByteLength) {
    try {
      table.grow(needed)
    } catch (error) {
      // Another thread has made it longer meanwhile.
      if (table.byteLength < needed) throw error
    }
  }
  return look(table, thread) ? view : undefined
}

/** Has `view` be one of the table; false when the thread is not in it. */
function look(table: SharedArrayBuffer, thread: number): boolean {
  view = new Int32Array(table, 0, Math.floor(table.byteLength / threadBytes) * 2)
  return 2 * thread < view.length
}

function checkThread(thread: number): number {
  if (!Number.isSafeInteger(thread) || thread < 0) {
    throw new RangeError(`a threadId is an integer from 0 on, not ${inspect(thread)}`)
  }
  return thread
}
