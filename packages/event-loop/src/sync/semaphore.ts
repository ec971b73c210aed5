import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from '../awaitable.ts'
import { checkCount } from '../check-arguments.ts'
import { inspected, repr } from '../repr.ts'
import { LoopBound } from './loop-bound.ts'
import { countWaiters, Waiters } from './waiters.ts'
import { withAcquired } from './with-acquired.ts'

/**
 * Permits of a number: each `acquire` takes one, each `release` gives one back, and who finds none waits, in order.
 *
 * Whoever wakes a task takes the permit for it, so that nobody who comes later gets it before.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, gather, Semaphore, sleep } from '@fosen/event-loop'
 *
 * const semaphore = new Semaphore(2)
 * let running = 0
 * const work = coroutine(function* () {
 *   return yield* semaphore.with(function* () {
 *     const seen = ++running
 *     yield* sleep(1)
 *     running--
 *     return seen
 *   })
 * })
 *
 * const main = coroutine(function* () {
 *   return yield* gather([work(), work(), work(), work()])
 * })
 * const loop = new EventLoop()
 * console.log(Math.max(...(await loop.runUntilComplete(main()))))
 * loop.close()
 * ```
 * ```text
 * 2
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.Semaphore
 */
export class Semaphore extends LoopBound {
  readonly #waiters = new Waiters()
  #value: number

  static readonly #acquire = coroutine(function* acquire(semaphore: Semaphore): CoGenerator<true> {
    if (!semaphore.locked()) {
      semaphore.#value--
      return true
    }
    const waiter = semaphore.#waiters.add(semaphore.getLoop().createFuture())
    let acquired = false
    try {
      yield* waiter.future
      acquired = true
      return true
    } finally {
      semaphore.#waiters.remove(waiter)
      if (!acquired && waiter.woken) semaphore.#value++
      // Who came while others had been woken had to wait, whatever was left.
      while (semaphore.#value > 0 && semaphore.#wakeNext());
    }
  })

  /**
   * @param value how many permits there are
   * @throws RangeError when it is negative or no integer
   */
  constructor(value = 1) {
    checkCount('the initial value of a semaphore', value, 0)
    super()
    this.#value = value
  }

  /** How many permits are left. */
  protected get value(): number {
    return this.#value
  }

  /** Whether `acquire` would have to wait: no permit is left, or others wait. */
  locked(): boolean {
    return this.#value === 0 || !this.#waiters.everyCancelled()
  }

  /**
   * Takes a permit, and waits for one when none is left, or others wait.
   *
   * A wait that is cancelled leaves its permit to the next one.
   *
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  acquire(): Co<true> {
    return Semaphore.#acquire(this)
  }

  /** Gives a permit back, or adds one: to the first who waits, if somebody does. */
  release(): void {
    this.#value++
    this.#wakeNext()
  }

  /**
   * Python's `async with semaphore`: takes a permit, runs the body, and gives the permit back however the body ends.
   *
   * @returns what the body returns
   * @throws TypeError when the body is no function
   */
  with<T>(body: Body<[], T>): Co<T> {
    return withAcquired(this, body)
  }

  [inspected](): string {
    const state = this.locked() ? 'locked' : `unlocked, value:${this.#value}`
    return repr(this, `[${state}${countWaiters(this.#waiters)}]`)
  }

  /** Takes a permit for the first who waits; false when there is nobody. */
  #wakeNext(): boolean {
    if (!this.#waiters.wakeNext()) return false
    this.#value--
    return true
  }
}
