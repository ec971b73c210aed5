import { coroutine } from '@fosen/coroutine'
import { fromPromise } from '@fosen/event-loop'
import { portable, type ThreadFuture, type ThreadPool } from '@fosen/thread-async'
import { hang } from './hang.ts'

/** Told which thread was terminated; undefined while nobody waits for that. */
let onTerminated: ((thread: string) => void) | undefined

/** Has a thread get stuck on the next file, and terminates it; gives its name. That attempt at the file has failed. */
export const terminateThread = coroutine(
  portable(import.meta, function* terminateThread() {
    const { promise, resolve } = Promise.withResolvers<string>()
    onTerminated = resolve
    try {
      return yield* fromPromise(promise)
    } finally {
      if (onTerminated === resolve) onTerminated = undefined
    }
  }),
)

/** If a thread is to be terminated, the call that gets stuck. */
export function stickInstead(pool: ThreadPool, path: string): ThreadFuture<never> | undefined {
  const report = onTerminated
  if (!report) return undefined
  onTerminated = undefined
  const stuck = new Int32Array(new SharedArrayBuffer(4))
  const controller = new AbortController()
  const call = pool.with({ signal: controller.signal, grace: 0 }).submit(hang, path, stuck)
  void Promise.resolve(Atomics.waitAsync(stuck, 0, 0).value).then(() => {
    const thread = `${pool.name}-${stuck[0]}`
    controller.abort(new Error(`the thread ${thread} was terminated`))
    report(thread)
  })
  return call
}
