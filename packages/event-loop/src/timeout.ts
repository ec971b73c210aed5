import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from './awaitable.ts'
import { checkFunction, checkTime } from './check-arguments.ts'
import { CancelledError, RuntimeError, TimeoutError } from './errors.ts'
import type { Handle } from './loop/handle.ts'
import { currentTask, getRunningLoop } from './loop/running-loop.ts'
import { inspected, repr } from './repr.ts'
import { runBody } from './run-body.ts'
import type { Task } from './task.ts'

type State = 'created' | 'active' | 'expiring' | 'expired' | 'finished'

/**
 * A deadline for the body that it runs: `timeout` and `timeoutAt` make one and hand it to their body.
 *
 * Invariant: the timer of the deadline is set only while it is active. When it goes off it cancels the task, and the end of
 * the body takes this one cancellation back; the CancelledError is a TimeoutError when nobody else has asked for it.
 *
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.Timeout
 */
export class Timeout {
  #state: State = 'created'
  #when: number | undefined
  #timer: Handle | undefined
  #task: Task<unknown> | undefined
  /** How many cancellations of the task came before the body. */
  #cancelling = 0

  /**
   * @param when a time of the loop's clock; undefined: no deadline
   * @throws RangeError when `when` is anything else
   */
  constructor(when: number | undefined) {
    checkTime(when)
    this.#when = when
  }

  /** The deadline, in milliseconds of the loop's clock; undefined when there is none. */
  when(): number | undefined {
    return this.#when
  }

  /** Whether the deadline came before the end of the body. */
  expired(): boolean {
    return this.#state === 'expiring' || this.#state === 'expired'
  }

  /**
   * Sets another deadline; one that is over comes in the next turn of the loop.
   *
   * @param when a time of the loop's clock; undefined: no deadline
   * @throws RangeError when `when` is anything else
   * @throws RuntimeError before the body has begun, and after the deadline or the end of the body
   */
  reschedule(when: number | undefined): void {
    checkTime(when)
    if (this.#state === 'created') throw new RuntimeError('Timeout has not been entered')
    if (this.#state !== 'active') throw new RuntimeError(`Cannot change state of ${this.#state} Timeout`)
    this.#when = when
    this.#setTimer(this.#task as Task<unknown>)
  }

  /**
   * Runs the body, once, in the task that waits for it.
   *
   * @returns what the body returns
   * @throws TypeError when the body is no function
   * @throws TimeoutError (from the wait) when the deadline has ended the body; its cause is the CancelledError
   * @throws RuntimeError (from the wait) outside of a task, and when it has run a body before
   */
  run<T>(body: Body<[scope: Timeout], T>): Co<T> {
    checkFunction('the body', body)
    return Timeout.#run(this, body)
  }

  static readonly #run = coroutine(function* run<T>(scope: Timeout, body: Body<[Timeout], T>): CoGenerator<T> {
    scope.#enter()
    try {
      return yield* runBody(body, scope)
    } catch (error) {
      if (scope.#exit() && error instanceof CancelledError) throw new TimeoutError(undefined, { cause: error })
      throw error
    } finally {
      scope.#exit()
    }
  })

  #enter() {
    if (this.#state !== 'created') throw new RuntimeError('Timeout has already been entered')
    const task = currentTask()
    if (!task) throw new RuntimeError('Timeout should be used inside a task')
    this.#state = 'active'
    this.#task = task
    this.#cancelling = task.cancelling()
    this.#setTimer(task)
  }

  /** Does nothing the second time. Gives whether a CancelledError that leaves the body is the deadline's. */
  #exit(): boolean {
    const task = this.#task
    this.#task = undefined
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#state === 'active') this.#state = 'finished'
    if (this.#state !== 'expiring') return false
    this.#state = 'expired'
    return task !== undefined && task.uncancel() <= this.#cancelling
  }

  #setTimer({ loop }: Task<unknown>) {
    this.#timer?.cancel()
    this.#timer = undefined
    const when = this.#when
    if (when === undefined) return
    this.#timer = when <= loop.time() ? loop.callSoon(Timeout.#expire, this) : loop.callAt(when, Timeout.#expire, this)
  }

  static #expire(scope: Timeout) {
    scope.#task?.cancel()
    scope.#state = 'expiring'
    scope.#timer = undefined
  }

  [inspected](): string {
    const when = this.#when === undefined ? undefined : Math.round(this.#when * 1000) / 1000
    return repr(this, `[${this.#state}]${this.#state === 'active' ? ` when=${when}` : ''}`)
  }
}

const timeoutAfter = coroutine(function* timeout<T>(ms: number | undefined, body: Body<[Timeout], T>): CoGenerator<T> {
  const loop = getRunningLoop()
  return yield* new Timeout(ms === undefined ? undefined : loop.time() + ms).run(body)
})

/**
 * Runs a body that has a time to end in; after it, the body is cancelled where it waits, and TimeoutError thrown.
 *
 * The body is waited for while it cleans up, and may go on all the same. It stands in the place of Python's `async with`
 * block, and gets the `Timeout`, to move the deadline. A time of 0, or less, is over when the body first waits.
 *
 * Cancelling the task that waits cancels the body, and stays a CancelledError.
 *
 * @param ms milliseconds from when it starts; undefined: no deadline
 * @param body a generator function, or an async one
 * @returns what the body returns
 * @throws TypeError when the body is no function
 * @throws RangeError when `ms` is anything else
 * @throws TimeoutError (from the wait) when the deadline has ended the body; its cause is the CancelledError
 * @throws RuntimeError (from the wait) outside of a task
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, getRunningLoop, sleep, TimeoutError, timeout } from '@fosen/event-loop'
 *
 * const main = coroutine(function* () {
 *   try {
 *     yield* timeout(5000, function* (scope) {
 *       console.log('in time:', yield* sleep(1, 'one'))
 *       scope.reschedule(getRunningLoop().time() + 10)
 *       yield* sleep(60_000)
 *     })
 *   } catch (error) {
 *     if (error instanceof TimeoutError) console.log('too late')
 *   }
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * in time: one
 * too late
 * ```
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout
 */
export function timeout<T>(ms: number | undefined, body: Body<[scope: Timeout], T>): Co<T> {
  checkTime(ms)
  checkFunction('the body', body)
  return timeoutAfter(ms, body)
}

/**
 * As `timeout`, with a deadline in the place of a time.
 *
 * @param when a time of the loop's clock, as `loop.time()` gives it; undefined: no deadline
 * @see https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout_at
 */
export function timeoutAt<T>(when: number | undefined, body: Body<[scope: Timeout], T>): Co<T> {
  return new Timeout(when).run(body)
}
