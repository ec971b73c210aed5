import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from '../awaitable.ts'
import { RuntimeError } from '../errors.ts'
import { inspected, repr } from '../repr.ts'
import { LoopBound } from './loop-bound.ts'
import { countWaiters, Waiters } from './waiters.ts'
import { withAcquired } from './with-acquired.ts'

/**
 * A lock that one task has at a time; who waits for it gets it in the order of waiting.
 *
 * It does not know who has it: any task may release it. It is no lock between threads.
 *
 * Invariant: when it is free and somebody waits, the first in the list has been woken, or is cancelled and will wake the
 * next one.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, gather, Lock, sleep } from '@fosen/event-loop'
 *
 * const lock = new Lock()
 * const visit = coroutine(function* (name: string) {
 *   yield* lock.with(function* () {
 *     console.log(`${name} comes`)
 *     yield* sleep(1)
 *     console.log(`${name} goes`)
 *   })
 * })
 *
 * const main = coroutine(function* () {
 *   yield* gather([visit('one'), visit('two')])
 * })
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * one comes
 * one goes
 * two comes
 * two goes
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.Lock
 */
export class Lock extends LoopBound {
  readonly #waiters = new Waiters()
  #locked = false

  static readonly #acquire = coroutine(function* acquire(lock: Lock): CoGenerator<true> {
    if (lock.#locked || !lock.#waiters.everyCancelled()) {
      const waiter = lock.#waiters.add(lock.getLoop().createFuture())
      let woken = false
      try {
        yield* waiter.future
        woken = true
      } finally {
        lock.#waiters.remove(waiter)
        if (!woken && !lock.#locked) lock.#wakeFirst()
      }
    }
    lock.#locked = true
    return true
  })

  /** Whether somebody has it. Just released it is free, and nevertheless who comes stands behind those who wait. */
  locked(): boolean {
    return this.#locked
  }

  /**
   * Takes the lock, and waits for it when somebody has it, or others wait.
   *
   * A wait that is cancelled leaves the lock to the next one.
   *
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  acquire(): Co<true> {
    return Lock.#acquire(this)
  }

  /**
   * Gives the lock back; the first who waits gets it in its next turn.
   *
   * @throws RuntimeError when nobody has it
   */
  release(): void {
    if (!this.#locked) throw new RuntimeError('Lock is not acquired.')
    this.#locked = false
    this.#wakeFirst()
  }

  /**
   * Python's `async with lock`: takes the lock, runs the body, and gives the lock back however the body ends.
   *
   * @returns what the body returns
   * @throws TypeError when the body is no function
   */
  with<T>(body: Body<[], T>): Co<T> {
    return withAcquired(this, body)
  }

  [inspected](): string {
    return repr(this, `[${this.#locked ? 'locked' : 'unlocked'}${countWaiters(this.#waiters)}]`)
  }

  #wakeFirst() {
    const future = this.#waiters.first?.future
    if (future && !future.done()) future.setResult()
  }
}
