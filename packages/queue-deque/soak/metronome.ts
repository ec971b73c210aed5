import { workerData } from 'node:worker_threads'
import { type Cells, cell, END } from './ledger.ts'

// Sleeps for 5 ms at a time. Where it oversleeps by more than that again, the machine had no time for any thread.
const cells = workerData as Cells
const nothing = new Int32Array(new SharedArrayBuffer(4))
while (Atomics.load(cells, cell.phase) !== END) {
  const start = performance.now()
  Atomics.wait(nothing, 0, 0, 5)
  const late = performance.now() - start - 5
  if (late > 5) Atomics.add(cells, cell.stalled, 1000 * late)
}
