import { coroutine } from '@fosen/coroutine'
import type { Co, CoGenerator } from '../awaitable.ts'
import { inspected, repr } from '../repr.ts'
import { LoopBound } from './loop-bound.ts'
import { countWaiters, Waiters } from './waiters.ts'

/**
 * A flag that tasks wait for: `set` lets all go on that wait, and all that come until `clear`.
 *
 * It is asyncio's; the events of the DOM and of Node are another thing.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { Event, EventLoop, gather, sleep } from '@fosen/event-loop'
 *
 * const ready = new Event()
 * const waiter = coroutine(function* (name: string) {
 *   yield* ready.wait()
 *   console.log(`${name} goes on`)
 * })
 * const setter = coroutine(function* () {
 *   yield* sleep(1)
 *   console.log('ready')
 *   ready.set()
 * })
 *
 * const main = coroutine(function* () {
 *   yield* gather([waiter('one'), waiter('two'), setter()])
 * })
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * ready
 * one goes on
 * two goes on
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.Event
 */
export class Event extends LoopBound {
  readonly #waiters = new Waiters()
  #isSet = false

  static readonly #wait = coroutine(function* wait(event: Event): CoGenerator<true> {
    if (event.#isSet) return true
    const waiter = event.#waiters.add(event.getLoop().createFuture())
    try {
      yield* waiter.future
      return true
    } finally {
      event.#waiters.remove(waiter)
    }
  })

  isSet(): boolean {
    return this.#isSet
  }

  /** Wakes all that wait; a `clear` before they have their turn does not hold them back. */
  set(): void {
    if (this.#isSet) return
    this.#isSet = true
    while (this.#waiters.wakeNext());
  }

  clear(): void {
    this.#isSet = false
  }

  /**
   * Waits until the event is set, and not at all when it is.
   *
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  wait(): Co<true> {
    return Event.#wait(this)
  }

  [inspected](): string {
    return repr(this, `[${this.#isSet ? 'set' : 'unset'}${countWaiters(this.#waiters)}]`)
  }
}
