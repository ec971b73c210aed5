import { inspect } from 'node:util'

/** Set once the thread is dead; the other bits are the thread that started it, counted from 1. */
const DEAD = 1 << 31

/** Threads by which the table grows, and how many it may have: more are started by no process that ends. */
const step = 1024
const most = 2 ** 24

const key = Symbol.for('fosen.thread-table/1')
const globals = globalThis as { [key]?: SharedArrayBuffer }

/**
 * The memory of the table of the process's threads: who started each, and whether it is dead. A word a thread, at its
 * `threadId`, which no other thread of the process ever has. A thread is given the table by who starts it.
 */
export function threadTable(): SharedArrayBuffer {
  globals[key] ??= new SharedArrayBuffer(4 * step, { maxByteLength: 4 * most })
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
  const words = wordsUpTo(checkThread(thread))
  if (thread < words.length) Atomics.compareExchange(words, thread, 0, parent + 1)
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
  const words = wordsUpTo(checkThread(thread))
  if (thread < words.length) Atomics.or(words, thread, DEAD)
}

/** Whether a thread, or one of those above it, was marked. One that is not in the table is not dead. */
export function isDead(thread: number): boolean {
  const words = new Int32Array(threadTable())
  for (let it = thread; it >= 0 && it < words.length; ) {
    const word = Atomics.load(words, it)
    if (word & DEAD) return true
    it = word - 1
  }
  return false
}

/** The words of the table, the thread's among them, unless the table can grow no further. */
function wordsUpTo(thread: number): Int32Array<SharedArrayBuffer> {
  const table = threadTable()
  const needed = 4 * step * Math.ceil((thread + 1) / step)
  while (table.byteLength < needed && needed <= table.maxByteLength) {
    try {
      table.grow(needed)
    } catch (error) {
      // Another thread has made it longer meanwhile.
      if (table.byteLength < needed) throw error
    }
  }
  return new Int32Array(table)
}

function checkThread(thread: number): number {
  if (!Number.isSafeInteger(thread) || thread < 0) {
    throw new RangeError(`a threadId is an integer from 0 on, not ${inspect(thread)}`)
  }
  return thread
}
