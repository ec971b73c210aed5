import type { Future } from '../future.ts'

/** Somebody who waits, in a list. */
export class Waiter {
  readonly future: Future<void>
  previous: Waiter | undefined
  next: Waiter | undefined

  constructor(future: Future<void>, previous: Waiter | undefined) {
    this.future = future
    this.previous = previous
    this.next = undefined
  }

  /** It has its result: if its task does not go on with it, somebody else has to. */
  get woken(): boolean {
    return this.future.done() && !this.future.cancelled()
  }
}

/**
 * Those who wait, in the order in which they came.
 *
 * Invariant: whoever stands before `#pending` is done, so that to look for one to wake does not begin at the first.
 */
export class Waiters {
  #first: Waiter | undefined
  #last: Waiter | undefined
  #pending: Waiter | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): Waiter | undefined {
    return this.#first
  }

  add(future: Future<void>): Waiter {
    const waiter = new Waiter(future, this.#last)
    if (this.#last) this.#last.next = waiter
    else this.#first = waiter
    this.#last = waiter
    this.#pending ??= waiter
    this.#size++
    return waiter
  }

  /** Does nothing when the waiter has left. */
  remove(waiter: Waiter): void {
    const { previous, next } = waiter
    if (!previous && waiter !== this.#first) return
    if (previous) previous.next = next
    else this.#first = next
    if (next) next.previous = previous
    else this.#last = previous
    if (waiter === this.#pending) this.#pending = next
    waiter.previous = undefined
    waiter.next = undefined
    this.#size--
  }

  /** Wakes the first who is not done; false when there is none. */
  wakeNext(): boolean {
    let waiter = this.#pending
    while (waiter?.future.done()) waiter = waiter.next
    this.#pending = waiter?.next
    waiter?.future.setResult()
    return waiter !== undefined
  }

  /** As `wakeNext`; who is woken, and those before it, leave the list. */
  shiftNext(): boolean {
    for (let waiter = this.#first; waiter; waiter = this.#first) {
      this.remove(waiter)
      if (waiter.future.done()) continue
      waiter.future.setResult()
      return true
    }
    return false
  }

  everyCancelled(): boolean {
    for (let waiter = this.#first; waiter; waiter = waiter.next) if (!waiter.future.cancelled()) return false
    return true
  }
}

/** How a `repr` ends that counts who waits. */
export function countWaiters({ size }: Waiters): string {
  return size > 0 ? `, waiters:${size}` : ''
}
