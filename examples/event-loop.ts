// npm install @fosen/event-loop @fosen/coroutine @fosen/thread-async
//
// Pages that are fetched three at a time, each with a deadline and a second try; all of it ends when one fails for good.
// Under a VirtualEventLoop the same program takes no time, which is how it is tested.

import { coroutine } from '@fosen/coroutine'
import { ExceptionGroup, isCancelled, run, Semaphore, sleep, TimeoutError, taskGroup, timeout } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'

/** Stands for a server: how long each answer takes, in milliseconds, and in which attempt there is one. */
const server: Record<string, { readonly ms: number; readonly from: number }> = {
  '/fast': { ms: 10, from: 1 },
  '/moody': { ms: 20, from: 2 },
  '/slow': { ms: 150, from: 1 },
  '/endless': { ms: 60_000, from: 1 },
}

const request = coroutine(function* (path: string, attempt: number) {
  const { ms, from } = server[path] ?? { ms: 0, from: Infinity }
  yield* sleep(ms)
  if (attempt < from) throw new Error(`${path} gave an error`)
  return `page of ${path}`
})

/** Tries twice, for up to 5 s each. The wait between them ends when the task is cancelled, as any wait does. */
const fetchPage = coroutine(function* (path: string) {
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* timeout(5_000, () => request(path, attempt))
    } catch (error) {
      if (isCancelled(error) || error instanceof TimeoutError || attempt === 2) throw error
      yield* sleep(50)
    }
  }
})

const fetchAll = coroutine(function* (paths: readonly string[]) {
  const room = new Semaphore(3)
  return yield* taskGroup(function* (group) {
    const tasks = paths.map(path =>
      group.createTask(
        room.with(() => fetchPage(path)),
        { name: path },
      ),
    )
    for (const task of tasks) console.log(yield* task)
  })
})

// In real time, on Node's own loop; Ctrl-C would cancel it, and what it cleans up would still run.
await run(fetchAll(['/slow', '/fast', '/moody']))

// In virtual time: a deadline and an answer of a minute are over at once, and the clock says when.
const loop = new VirtualEventLoop()
try {
  loop.runUntilCompleteSync(fetchAll(['/fast', '/endless', '/nowhere']))
} catch (error) {
  if (!(error instanceof ExceptionGroup)) throw error
  for (const reason of error.errors) console.log(`after ${loop.time()} ms: ${reason}`)
} finally {
  loop.close()
}

/* prints
page of /slow
page of /fast
page of /moody
page of /fast
after 50 ms: Error: /nowhere gave an error
*/
