import { setImmediate } from 'node:timers/promises'
import { threadId, Worker, workerData } from 'node:worker_threads'
import { addThread, type Mutex, type MutexGuard, receive, type Shared, setThreadTable } from '@fosen/shared-memory'
import { add, balance, type Cells, cell, get } from './ledger.ts'

/** What a thread of the soak is started with. */
export interface SoakData {
  /** The process's table of threads, and who starts this one. */
  readonly table: SharedArrayBuffer
  readonly parent: number
  readonly mutex: Shared
  readonly cells: Cells
  readonly slot: number
  /** Whether it has another thread do the work, which dies with it. */
  readonly isParent: boolean
}

const data = workerData as SoakData
const { table, parent, cells, slot, isParent } = data
setThreadTable(table)
addThread(threadId, parent)
if (isParent) new Worker(import.meta.filename, { workerData: { ...data, parent: threadId, isParent: false } })
else await incrementUntilStopped((await receive(data.mutex)) as Mutex)

/** Increments the total under the mutex, and its own count. */
async function incrementUntilStopped(mutex: Mutex) {
  while (Atomics.load(cells, cell.stop) === 0) {
    const [start, stalled] = [performance.now(), Atomics.load(cells, cell.stalled)]
    const guard = await acquire(mutex)
    const blocked = 1000 * (performance.now() - start)
    keepLongest(cell.longest + slot, blocked)
    keepLongest(cell.longestOwn + slot, blocked - (Atomics.load(cells, cell.stalled) - stalled))
    balance(cells, guard)
    add(cells, cell.total, 1)
    // Where a thread may die: sometimes at its own hand.
    if (Math.random() < 0.003) process.exit()
    for (let i = 10_000 * Math.random(); i > 0; i--) Atomics.load(cells, cell.stop)
    add(cells, cell.counts + slot, 1)
    guard[Symbol.dispose]()
    Atomics.wait(cells, cell.stop, 0, 2 * Math.random())
  }
}

function keepLongest(index: number, time: number) {
  cells[index] = Math.max(get(cells, index), time)
}

/** In one way or another. */
async function acquire(mutex: Mutex): Promise<MutexGuard> {
  const way = Math.random()
  if (way < 0.2) return mutex.acquire()
  if (way < 0.8) return mutex.acquireSync()
  for (;;) {
    const guard = mutex.tryAcquire()
    if (guard) return guard
    await setImmediate()
  }
}
