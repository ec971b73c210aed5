import { coroutine } from '@fosen/coroutine'
import type { Co, CoGenerator } from './awaitable.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { suspend, suspension } from './loop/suspension.ts'
import type { Timer, TimerHeap } from './loop/timer-heap.ts'

/** A future that is its own timer. */
class Alarm<T> extends Future<T> implements Timer {
  readonly #when: number
  readonly #value: T
  heap: TimerHeap | undefined

  constructor(loop: BaseEventLoop, when: number, value: T) {
    super({ loop })
    this.#when = when
    this.#value = value
    loop.addTimer(this)
  }

  when(): number {
    return this.#when
  }

  run(): void {
    if (!this.done()) this.finish(this.#value)
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false
    this.heap?.countCancelled()
    return true
  }
}

const turn = coroutine(function* sleep(value: unknown): CoGenerator<unknown> {
  // Whoever stepped a coroutine by hand may have left something here.
  suspension.future = undefined
  yield suspend
  return value
})

const sleeping = coroutine(function* sleep(ms: number, value: unknown): CoGenerator<unknown> {
  const loop = getRunningLoop()
  const alarm = new Alarm(loop, loop.time() + ms, value)
  try {
    return yield* alarm
  } finally {
    alarm.cancel()
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
  if (ms <= 0) return turn(value)
  if (typeof ms !== 'number' || Number.isNaN(ms)) throw new RangeError(`a time is a number of milliseconds, not ${ms}`)
  return sleeping(ms, value)
}
