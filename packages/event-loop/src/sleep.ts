import { coroutine } from '@fosen/coroutine'
import type { Co } from './awaitable.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { suspend, suspension } from './loop/suspension.ts'

const sleeping = coroutine(function* sleep(ms: number, value: unknown) {
  if (ms <= 0) {
    // Whoever stepped a coroutine by hand may have left something here.
    suspension.future = undefined
    yield suspend
    return value
  }
  const loop = getRunningLoop()
  const future = loop.createFuture<unknown>()
  const timer = loop.callLater(ms, () => future.done() || future.setResult(value))
  try {
    return yield* future
  } finally {
    timer.cancel()
  }
})

/**
 * Waits for a time; a time of 0, or less, lets the others have their turn.
 *
 * Cancelling the task that waits ends the wait with a CancelledError.
 *
 * @param ms milliseconds
 * @param value what the wait gives
 * @throws RangeError when `ms` is not a number
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.sleep
 */
export function sleep(ms: number): Co<undefined>
export function sleep<V>(ms: number, value: V): Co<V>
export function sleep(ms: number, value?: unknown): Co<unknown> {
  if (typeof ms !== 'number' || Number.isNaN(ms)) throw new RangeError(`a time is a number of milliseconds, not ${ms}`)
  return sleeping(ms, value)
}
