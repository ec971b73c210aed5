import { LoopThread } from '@fosen/event-loop'
import { ThreadPool } from '@fosen/thread-async'
import { test as base } from 'vitest'

interface WithLoopThread {
  /** Named `test`; closed after the test, however it has ended. */
  readonly thread: LoopThread
  /** Other threads. */
  readonly pool: ThreadPool
  /** Two that count, for `counted`. */
  readonly cells: Int32Array
}

export const test = base.extend<WithLoopThread>({
  // biome-ignore lint/correctness/noEmptyPattern: the first parameter of a fixture must be a pattern
  thread: async ({}, use) => {
    const thread = new LoopThread({ name: 'test' })
    await use(thread)
    await thread.close().catch(() => {})
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  pool: async ({}, use) => {
    await using pool = new ThreadPool({ max: 2 })
    await use(pool)
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  cells: async ({}, use) => {
    await use(new Int32Array(new SharedArrayBuffer(8)))
  },
})
