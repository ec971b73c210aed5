import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from '../awaitable.ts'
import { checkCount, checkFunction } from '../check-arguments.ts'
import { CancelledError, RuntimeError } from '../errors.ts'
import { inspected, repr } from '../repr.ts'
import { shown } from '../shown.ts'
import { Lock } from './lock.ts'
import { LoopBound } from './loop-bound.ts'
import { countWaiters, Waiters } from './waiters.ts'
import { withAcquired } from './with-acquired.ts'

/** What a condition asks of its lock. */
type LockLike = Pick<Lock, 'acquire' | 'release' | 'locked'>

/**
 * A lock, and a place to wait, with the lock given up meanwhile, for something to have changed under it.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { Condition, EventLoop, gather } from '@fosen/event-loop'
 *
 * const condition = new Condition()
 * let cakes = 0
 * const eat = coroutine(function* () {
 *   yield* condition.with(function* () {
 *     yield* condition.waitFor(() => cakes >= 2)
 *     cakes -= 2
 *     console.log('two cakes eaten')
 *   })
 * })
 * const bake = coroutine(function* () {
 *   yield* condition.with(function* () {
 *     console.log(`cakes: ${++cakes}`)
 *     condition.notify()
 *   })
 * })
 *
 * const main = coroutine(function* () {
 *   yield* gather([eat(), bake(), bake()])
 * })
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * cakes: 1
 * cakes: 2
 * two cakes eaten
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.Condition
 */
export class Condition extends LoopBound {
  readonly #lock: LockLike
  readonly #waiters = new Waiters()

  static readonly #wait = coroutine(function* wait(condition: Condition): CoGenerator<true> {
    if (!condition.locked()) throw new RuntimeError('cannot wait on un-acquired lock')
    const future = condition.getLoop().createFuture<void>()
    condition.release()
    let returns = false
    try {
      const waiter = condition.#waiters.add(future)
      try {
        yield* future
      } finally {
        condition.#waiters.remove(waiter)
        yield* acquireAgain(condition)
      }
      returns = true
      return true
    } finally {
      // It may have been notified, and does not go on with it: somebody else shall.
      if (!returns) condition.#notify(1)
    }
  })

  static readonly #waitFor = coroutine(function* waitFor<T>(condition: Condition, predicate: () => T): CoGenerator<T> {
    let result = predicate()
    while (!result) {
      yield* condition.wait()
      result = predicate()
    }
    return result
  })

  /**
   * @param lock one that several conditions share, by default one of its own
   * @throws TypeError when it is no lock
   */
  constructor(lock: LockLike = new Lock()) {
    if (
      typeof lock?.acquire !== 'function' ||
      typeof lock.release !== 'function' ||
      typeof lock.locked !== 'function'
    ) {
      throw new TypeError(`a condition takes a lock, not ${shown(lock)}`)
    }
    super()
    this.#lock = lock
  }

  /** Whether somebody has the lock. */
  locked(): boolean {
    return this.#lock.locked()
  }

  /** As `acquire` of the lock. */
  acquire(): Co<true> {
    return this.#lock.acquire()
  }

  /** As `release` of the lock. */
  release(): void {
    this.#lock.release()
  }

  /**
   * Gives the lock up, waits until it is notified, and takes the lock again.
   *
   * It may return without reason: who waits looks whether what it waits for is there, as `waitFor` does. Also a wait that
   * is cancelled takes the lock again before it throws; if it was notified, it notifies another one.
   *
   * @throws RuntimeError (in the coroutine) when nobody has the lock, or others have waited in another loop
   */
  wait(): Co<true> {
    return Condition.#wait(this)
  }

  /**
   * Waits until `predicate` gives something truthy, and gives that. It is asked with the lock taken.
   *
   * @throws TypeError when the predicate is no function
   * @throws RuntimeError (in the coroutine) when it has to wait and nobody has the lock
   */
  waitFor<T>(predicate: () => T): Co<T> {
    checkFunction('a predicate', predicate)
    return Condition.#waitFor(this, predicate)
  }

  /**
   * Wakes the first `n` who wait; they go on as soon as each gets the lock.
   *
   * @throws RangeError when `n` is negative or no integer
   * @throws RuntimeError when nobody has the lock
   */
  notify(n = 1): void {
    checkCount('n', n, 0)
    if (!this.locked()) throw new RuntimeError('cannot notify on un-acquired lock')
    this.#notify(n)
  }

  /**
   * Wakes all who wait.
   *
   * @throws RuntimeError when nobody has the lock
   */
  notifyAll(): void {
    this.notify(this.#waiters.size)
  }

  /**
   * Python's `async with condition`: takes the lock, runs the body, and gives the lock back however the body ends.
   *
   * @returns what the body returns
   * @throws TypeError when the body is no function
   */
  with<T>(body: Body<[], T>): Co<T> {
    return withAcquired(this, body)
  }

  [inspected](): string {
    return repr(this, `[${this.locked() ? 'locked' : 'unlocked'}${countWaiters(this.#waiters)}]`)
  }

  #notify(n: number) {
    for (let left = n; left > 0 && this.#waiters.wakeNext(); left--);
  }
}

/** Does not give up before it has the lock; a cancellation meanwhile is thrown then. */
function* acquireAgain(condition: Condition): CoGenerator<void> {
  let cancelled: CancelledError | undefined
  for (;;) {
    try {
      yield* condition.acquire()
      break
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error
      cancelled = error
    }
  }
  if (cancelled) throw cancelled
}
