import { threadName } from 'node:worker_threads'
import { portable } from '@fosen/thread-async'

/**
 * Never returns, as a thread that is stuck.
 *
 * @param stuck where it writes the number of its thread once it has begun
 */
export const hang = portable(import.meta, function hang(_path: string, stuck: Int32Array<SharedArrayBuffer>): never {
  stuck[0] = Number(/\d+$/.exec(threadName ?? '')?.[0])
  Atomics.notify(stuck, 0)
  for (;;) Atomics.wait(stuck, 0, stuck[0])
})
