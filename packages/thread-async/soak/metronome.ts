import { workerData } from 'node:worker_threads'

// Sleeps for 5 ms at a time. Where it oversleeps by more than that again, the machine had no time for any thread.
const [stop, stalled] = [0, 1]
const cells = workerData as Int32Array<SharedArrayBuffer>
while (Atomics.load(cells, stop) === 0) {
  const start = performance.now()
  Atomics.wait(cells, stop, 0, 5)
  const late = performance.now() - start - 5
  if (late > 5) Atomics.add(cells, stalled, late)
}
