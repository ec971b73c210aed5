import type { AsyncFunction, Awaitable, CoGenerator } from './awaitable.ts'
import { checkLoop } from './check-arguments.ts'
import { checkAwaitable } from './check-awaitable.ts'
import { RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import { isCoroutine } from './is-coroutine.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'

/**
 * The future of what is waited for: a task of the loop when it is a coroutine, or an async function.
 *
 * @param loop by default the running one
 * @throws TypeError when it is none of these, nor a future
 * @throws RuntimeError when it is a future of another loop, or no loop is given and none is running
 * @see https://docs.python.org/3/library/asyncio-future.html#asyncio.ensure_future
 */
export function ensureFuture<T>(work: Awaitable<T> | AsyncFunction<T>, loop?: BaseEventLoop): Future<T> {
  if (loop !== undefined) checkLoop(loop)
  if (work instanceof Future) {
    if (loop && work.loop !== loop) throw new RuntimeError('the future belongs to a different loop')
    return work
  }
  if (isCoroutine<T>(work) || typeof work === 'function') return (loop ?? getRunningLoop()).createTask<T>(work)
  checkAwaitable(work)
  return (loop ?? getRunningLoop()).createTask(waitFor(work))
}

/** The coroutine that waits for what is no coroutine. */
export function* waitFor<T>(awaitable: Awaitable<T>): CoGenerator<T> {
  return yield* awaitable
}
