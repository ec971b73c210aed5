import { workerData } from 'node:worker_threads'
import { type Cells, cell } from './ledger.ts'

// Sleeps for 5 ms at a time. Where it oversleeps by more than that again, the machine had no time for any thread.
const cells = workerData as Cells
while (Atomics.load(cells, cell.stop) === 0) {
  const start = performance.now()
  Atomics.wait(cells, cell.stop, 0, 5)
  const late = performance.now() - start - 5
  if (late > 5) Atomics.add(cells, cell.stalled, 1000 * late)
}
