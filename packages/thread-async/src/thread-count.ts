import { availableParallelism } from 'node:os'
import { isMainThread } from 'node:worker_threads'

/** How many threads pools may have in the process, all together, before the calls that a thread makes run in that thread. */
const most = Math.max(16, 4 * availableParallelism())

type Cell = Int32Array<SharedArrayBuffer>

const key = Symbol.for('fosen.thread-count/1')
const globals = globalThis as { [key]?: readonly Cell[] }

/**
 * The cells that count a thread which this thread starts: the process's first, then one for each thread from the main
 * thread down to this one, which counts the threads below it. With a thread go all that it has started, and nobody is
 * left to count those off but who started it.
 */
function cells(): readonly Cell[] {
  globals[key] ??= [new Int32Array(new SharedArrayBuffer(4))]
  return globals[key]
}

/** For a thread: the cells that it was given by the thread that started it. */
export function setThreadCounts(counts: readonly SharedArrayBuffer[]): void {
  globals[key] = counts.map(count => new Int32Array(count))
}

/** Counts a thread in. Gives the cells for the thread itself, and what counts it off with all that it has started. */
export function countThread(): { counts: SharedArrayBuffer[]; end: () => void } {
  const above = cells()
  const below: Cell = new Int32Array(new SharedArrayBuffer(4))
  for (const cell of above) Atomics.add(cell, 0, 1)
  const end = () => {
    const gone = 1 + Atomics.exchange(below, 0, 0)
    for (const cell of above) Atomics.sub(cell, 0, gone)
  }
  return { counts: [...above, below].map(cell => cell.buffer), end }
}

/** How many threads the process has. */
export function threadCount(): number {
  return Atomics.load(cells()[0] as Cell, 0)
}

/** Whether a pool of this thread may make no more: the process has many, and this is not the main thread. */
export function isFull(): boolean {
  return !isMainThread && threadCount() >= most
}
