import { CancelledError } from './errors.ts'

/** A CancelledError without a stack, which would cost ten times what the rest of a cancellation does. */
export function cancelledError(message?: string): CancelledError {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return message === undefined ? new CancelledError() : new CancelledError(message)
  } finally {
    Error.stackTraceLimit = limit
  }
}

/**
 * Whether an error is a cancellation, which a `catch` around a wait gets like any other error.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, isCancelled, sleep } from '@fosen/event-loop'
 *
 * const work = coroutine(function* () {
 *   try {
 *     yield* sleep(1000)
 *   } catch (error) {
 *     if (isCancelled(error)) throw error
 *     console.log('failed', error)
 *   } finally {
 *     console.log('cleaned up')
 *   }
 * })
 *
 * const loop = new EventLoop()
 * const task = loop.createTask(work())
 * loop.callLater(1, () => task.cancel())
 * await loop.runUntilComplete(task).catch(() => console.log(task.cancelled()))
 * loop.close()
 * ```
 * ```text
 * cleaned up
 * true
 * ```
 */
export function isCancelled(error: unknown): error is CancelledError {
  return error instanceof CancelledError
}
