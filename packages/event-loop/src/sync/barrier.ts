import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from '../awaitable.ts'
import { checkCount, checkFunction } from '../check-arguments.ts'
import { BrokenBarrierError } from '../errors.ts'
import { inspected, repr } from '../repr.ts'
import { runBody } from '../run-body.ts'
import { Condition } from './condition.ts'

/**
 * filling: those who come wait for the others. draining: all have come, and leave; resetting: they leave with an error;
 * who comes meanwhile waits until the last has left. broken: who comes gets an error, until `reset`.
 */
type State = 'filling' | 'draining' | 'resetting' | 'broken'

/**
 * A place where tasks wait for each other: when as many have come as it has parties, all go on, and it can be used again.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { Barrier, EventLoop, gather, sleep } from '@fosen/event-loop'
 *
 * const barrier = new Barrier(2)
 * const runner = coroutine(function* (name: string, ms: number) {
 *   yield* sleep(ms)
 *   console.log(`${name} is there`)
 *   yield* barrier.wait()
 *   return `${name} goes on`
 * })
 *
 * const main = coroutine(function* () {
 *   return yield* gather([runner('one', 1), runner('two', 5)])
 * })
 * const loop = new EventLoop()
 * console.log(await loop.runUntilComplete(main()))
 * loop.close()
 * ```
 * ```text
 * one is there
 * two is there
 * [ 'one goes on', 'two goes on' ]
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.Barrier
 */
export class Barrier {
  /** How many tasks it takes to go on. */
  readonly parties: number
  /** Its lock guards the state, and each change of the state is notified. */
  readonly #condition = new Condition()
  #state: State = 'filling'
  /** How many have come and not left. */
  #count = 0

  static readonly #wait = coroutine(function* wait(barrier: Barrier): CoGenerator<number> {
    const condition = barrier.#condition
    yield* condition.acquire()
    try {
      yield* condition.waitFor(() => barrier.#state !== 'draining' && barrier.#state !== 'resetting')
      if (barrier.broken) throw new BrokenBarrierError('Barrier aborted')
      const index = barrier.#count++
      try {
        if (barrier.#count === barrier.parties) barrier.#become('draining')
        else yield* barrier.#filled()
        return index
      } finally {
        barrier.#count--
        barrier.#leave()
      }
    } finally {
      condition.release()
    }
  })

  static readonly #with = coroutine(function* withBarrier<T>(barrier: Barrier, body: Body<[number], T>) {
    const index = yield* barrier.wait()
    return yield* runBody(body, index)
  })

  static readonly #reset = coroutine(function* reset(barrier: Barrier): CoGenerator<void> {
    yield* barrier.#condition.acquire()
    try {
      barrier.#become(barrier.#count > 0 ? 'resetting' : 'filling')
    } finally {
      barrier.#condition.release()
    }
  })

  static readonly #abort = coroutine(function* abort(barrier: Barrier): CoGenerator<void> {
    yield* barrier.#condition.acquire()
    try {
      barrier.#become('broken')
    } finally {
      barrier.#condition.release()
    }
  })

  /**
   * @param parties how many tasks it takes to go on
   * @throws RangeError when it is less than 1 or no integer
   */
  constructor(parties: number) {
    checkCount('parties', parties, 1)
    this.parties = parties
  }

  /** How many wait for the others. */
  get nWaiting(): number {
    return this.#state === 'filling' ? this.#count : 0
  }

  /** Whether it was aborted, and not reset since. */
  get broken(): boolean {
    return this.#state === 'broken'
  }

  /**
   * Waits until as many have come as there are parties.
   *
   * A wait that is cancelled counts for nothing: the others go on waiting.
   *
   * @returns a number from 0 to `parties - 1`, another one for each, in the order in which they have come
   * @throws BrokenBarrierError (in the coroutine) when the barrier is broken, or is aborted or reset meanwhile
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  wait(): Co<number> {
    return Barrier.#wait(this)
  }

  /**
   * Python's `async with barrier as index`: waits, and runs the body with what `wait` gives.
   *
   * @returns what the body returns
   * @throws TypeError when the body is no function
   */
  with<T>(body: Body<[index: number], T>): Co<T> {
    checkFunction('a body', body)
    return Barrier.#with(this, body)
  }

  /** Makes it as new: those who wait get a BrokenBarrierError, and those who come after them can wait. */
  reset(): Co<void> {
    return Barrier.#reset(this)
  }

  /** Breaks it: those who wait get a BrokenBarrierError, and so does who comes, until `reset`. */
  abort(): Co<void> {
    return Barrier.#abort(this)
  }

  [inspected](): string {
    return repr(this, `[${this.#state}${this.broken ? '' : `, waiters:${this.nWaiting}/${this.parties}`}]`)
  }

  *#filled(): CoGenerator<void> {
    yield* this.#condition.waitFor(() => this.#state !== 'filling')
    if (this.#state !== 'draining') throw new BrokenBarrierError('Abort or reset of barrier')
  }

  #become(state: State) {
    this.#state = state
    this.#condition.notifyAll()
  }

  #leave() {
    if (this.#count > 0) return
    this.#become(this.broken ? 'broken' : 'filling')
  }
}
