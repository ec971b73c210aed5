import type { Awaitable, CoGenerator } from './awaitable.ts'
import { RuntimeError } from './errors.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'

/** Whether a value is a coroutine that a loop can run: a generator, whichever function made it. */
export function isCoroutine<T>(value: unknown): value is CoGenerator<T> {
  if (typeof value !== 'object' || value === null || value instanceof Future) return false
  const { next, throw: raise } = value as { next?: unknown; throw?: unknown }
  return typeof next === 'function' && typeof raise === 'function' && Symbol.iterator in value
}

/**
 * The future of what is waited for: a task of the loop when it is a coroutine.
 *
 * @throws TypeError when it is neither a coroutine nor a future
 * @throws RuntimeError when it is a future of another loop
 */
export function ensureFuture<T>(awaitable: Awaitable<T>, loop: BaseEventLoop): Future<T> {
  if (awaitable instanceof Future) {
    if (awaitable.loop !== loop) throw new RuntimeError('the future belongs to another loop')
    return awaitable
  }
  if (isCoroutine<T>(awaitable)) return loop.createTask(awaitable)
  const given = awaitable === null ? 'null' : typeof awaitable
  throw new TypeError(`a coroutine or a future is needed, not ${given}; a promise goes through fromPromise`)
}
