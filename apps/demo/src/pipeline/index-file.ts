import { join } from 'node:path'
import { coroutine } from '@fosen/coroutine'
import { currentTask, fromPromise } from '@fosen/event-loop'
import { portable, ThreadPool, type ThreadPoolStats } from '@fosen/thread-async'
import { watchThread } from '../trace/watch-thread.ts'
import { analyse, analyseLarge } from './analyse.ts'
import { readRegularFile } from './regular-file.ts'
import type { Row } from './row.ts'
import { stickInstead } from './terminate-thread.ts'

/** Up to this size a file is read as a whole, in bytes. */
const wholeFile = 1024 * 1024

/** The threads that compute belong to the thread of the loop, which calls them. */
let pool: ThreadPool | undefined

/** Has the loop's thread make its pool of `threads` threads; `watched` has all of these tell what they do. */
export const openPool = portable(import.meta, function openPool(threads: number | undefined, watched: boolean) {
  pool = new ThreadPool({ name: 'analyse', max: threads, initializer: watched ? watchThread : undefined })
  if (watched) watchThread()
})

/** Ends the pool; gives what its threads did. */
export const closePool = coroutine(
  portable(import.meta, function* closePool() {
    const threads: ThreadPoolStats['threads'] = pool?.stats().threads ?? []
    if (pool) yield* fromPromise(pool.shutdown())
    return threads
  }),
)

/** What one message becomes: reads a file without blocking the loop, and has a thread of the pool compute its row. */
export const indexFile = coroutine(
  portable(import.meta, function* indexFile(folder: string, path: string) {
    // For those who watch the loop.
    currentTask()?.setName(path)
    try {
      const content = yield* fromPromise(readRegularFile(join(folder, path), wholeFile))
      const threads = openedPool()
      const call =
        stickInstead(threads, path) ??
        (content ? threads.submit(analyse, path, content) : threads.submit(analyseLarge, path, folder))
      try {
        return { path, facts: yield* fromPromise(call) } satisfies Row
      } finally {
        // Whoever has given this coroutine up does not need the thread to go on; a call that is done stays so.
        call.cancel()
      }
    } catch (error) {
      // A file that cannot be read is a row; everything else is for the queue to try again.
      const { code } = error as NodeJS.ErrnoException
      if (typeof code !== 'string') throw error
      return { path, error: code } satisfies Row
    }
  }),
)

function openedPool(): ThreadPool {
  if (!pool) throw new Error('openPool comes first')
  return pool
}
