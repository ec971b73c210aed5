import { Coroutine, type CoroutineState } from '@fosen/coroutine'
import type { Co, Suspend } from './awaitable.ts'
import { Future } from './future.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { getRunningLoop } from './loop/running-loop.ts'
import { suspended, suspension } from './loop/suspension.ts'
import type { Timer, TimerHeap } from './loop/timer-heap.ts'
import { shown } from './shown.ts'

/** A future that is its own timer. */
class Alarm<T> extends Future<T> implements Timer {
  readonly #value: T
  heap: TimerHeap | undefined

  constructor(loop: BaseEventLoop, when: number, value: T) {
    super({ loop })
    this.#value = value
    loop.addTimer(this, when)
  }

  run(): void {
    if (!this.done()) this.finish(this.#value)
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false
    this.heap?.countCancelled(this)
    return true
  }
}

/** `sleep(0)`: a coroutine without a generator, which would take four times the memory, and more of the time. */
class Turn<T> extends Coroutine<Suspend, T, unknown> {
  readonly #value: T
  /** How often it was resumed: once to begin, once to end. */
  #resumed = 0

  constructor(value: T) {
    super()
    this.#value = value
  }

  override next(): IteratorResult<Suspend, T> {
    if (this.#resumed === 0) {
      this.#resumed = 1
      suspension.future = undefined
      return suspended
    }
    if (this.#resumed++ > 1 || this.#value === undefined) return ended
    return { done: true, value: this.#value }
  }

  override throw(error: unknown): IteratorResult<Suspend, T> {
    this.#resumed = 2
    throw error
  }

  override return(value: T): IteratorResult<Suspend, T> {
    this.#resumed = 2
    return { done: true, value }
  }

  override get state(): CoroutineState {
    return this.#resumed === 0 ? 'CORO_CREATED' : this.#resumed === 1 ? 'CORO_SUSPENDED' : 'CORO_CLOSED'
  }

  get name(): string {
    return 'sleep'
  }
}

/** `sleep` for a time: as `Turn`, and it waits for an alarm, which it sets when it begins. */
class Sleep<T> extends Coroutine<Suspend, T, unknown> {
  readonly #ms: number
  readonly #value: T
  #alarm: Alarm<T> | undefined
  #ended = false

  constructor(ms: number, value: T) {
    super()
    this.#ms = ms
    this.#value = value
  }

  override next(): IteratorResult<Suspend, T> {
    if (this.#ended) return ended
    if (this.#alarm === undefined) {
      const loop = getRunningLoop()
      this.#alarm = new Alarm(loop, loop.time() + this.#ms, this.#value)
    }
    this.#ended = this.#alarm.done()
    return this.#alarm.next()
  }

  override throw(error: unknown): IteratorResult<Suspend, T> {
    this.end()
    throw error
  }

  override return(value: T): IteratorResult<Suspend, T> {
    this.end()
    return { done: true, value }
  }

  override get state(): CoroutineState {
    return this.#ended ? 'CORO_CLOSED' : this.#alarm ? 'CORO_SUSPENDED' : 'CORO_CREATED'
  }

  get name(): string {
    return 'sleep'
  }

  private end() {
    this.#ended = true
    this.#alarm?.cancel()
  }
}

/** The last step of most sleeps, and of what goes on after its end: one for all, as `suspended` is of the others. */
const ended: IteratorReturnResult<never> = Object.freeze({ done: true, value: undefined as never })

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
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new RangeError(`a time is a number of milliseconds, not ${shown(ms)}`)
  }
  return ms > 0 ? new Sleep(ms, value) : new Turn(value)
}
