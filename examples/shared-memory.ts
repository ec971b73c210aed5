// npm install @fosen/shared-memory
//
// Accounts in memory that threads share, under a lock: nothing that is transferred is lost, also when a thread dies in the
// middle of a transfer. The threads are plain ones of worker_threads.

import { once } from 'node:events'
import { isMainThread, threadId, Worker, workerData } from 'node:worker_threads'
import {
  addThread,
  Mutex,
  markDead,
  receive,
  setThreadTable,
  shareable,
  shareOf,
  threadTable,
} from '@fosen/shared-memory'

/** Two accounts, whose sum stays what it is: 10,000. */
class Accounts {
  readonly mutex: Mutex
  readonly cells: Int32Array<SharedArrayBuffer>

  constructor(lock = new SharedArrayBuffer(4), cells = new SharedArrayBuffer(8)) {
    this.mutex = new Mutex(lock)
    this.cells = new Int32Array(cells)
  }

  /** Blocks while another thread has the lock; with `await this.mutex.acquire()` the event loop would go on meanwhile. */
  transfer(amount: number) {
    const { ownerDied } = this.mutex.acquireSync()
    try {
      // Who had the lock has died with it: what it took from the one account is given to the other.
      if (ownerDied) this.cells[1] = 10_000 - Number(this.cells[0])
      Atomics.sub(this.cells, 0, amount)
      Atomics.add(this.cells, 1, amount)
      return ownerDied
    } finally {
      this.mutex.release()
    }
  }
}

// Other threads get the accounts themselves, and no copy.
shareable(import.meta, Accounts, {
  share: ({ mutex, cells }) => [mutex.buffer, cells.buffer] as const,
  receive: ([lock, cells]) => new Accounts(lock, cells),
})

if (isMainThread) {
  const accounts = new Accounts()
  accounts.cells[0] = 10_000

  const run = async (task: string) => {
    const known = { table: threadTable(), parent: threadId }
    const worker = new Worker(new URL(import.meta.url), { workerData: { task, known, shared: shareOf(accounts) } })
    const id = worker.threadId
    await once(worker, 'exit')
    markDead(id)
  }
  await Promise.all([run('transfer'), run('transfer'), run('transfer')])
  console.log(...accounts.cells)

  await run('die')
  console.log(...accounts.cells, accounts.mutex.locked())
  console.log(accounts.transfer(1), ...accounts.cells)
} else {
  const { task, known, shared } = workerData
  // Threads that are to notice the death of each other have one table of who is alive.
  setThreadTable(known.table)
  addThread(threadId, known.parent)
  const accounts = (await receive(shared)) as Accounts
  if (task === 'transfer') for (let i = 0; i < 1000; i++) accounts.transfer(1)
  if (task === 'die') {
    accounts.mutex.acquireSync()
    Atomics.sub(accounts.cells, 0, 500)
    process.exit()
  }
}

/* prints
7000 3000
6500 3000 false
true 6499 3501
*/
