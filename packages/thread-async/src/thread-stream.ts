import { threadParker } from '@fosen/shared-memory'
import type { ThreadFuture } from './thread-future.ts'

/** How many values a thread may send before the first of them is taken. */
export const credit = 32

/**
 * What a generator function yields in a thread: iterate it with `for await`, or with `for…of`, which blocks the thread.
 *
 * The producer runs ahead by 32 values at the most, and then waits. Leaving the iteration early cancels the call: the
 * generator is ended at its next `yield`, its `finally` blocks run, and if it does not come there within its grace, its
 * thread is ended. What the generator throws, the iteration throws, after the values before.
 */
export class ThreadStream<Y, R> implements AsyncIterableIterator<Y, undefined, undefined> {
  /** What the generator function returns. */
  readonly future: ThreadFuture<R>
  readonly #giveCredit: (count: number) => void
  readonly #values: Y[] = []
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #left = false
  #observed = false

  /**
   * @param future of the call
   * @param giveCredit lets the producer send as many values more
   */
  constructor(future: ThreadFuture<R>, giveCredit: (count: number) => void) {
    this.future = future
    this.#giveCredit = giveCredit
    future.onceSettled(() => this.#wakeAll())
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next value; what the generator throws, as a rejection. */
  async next(): Promise<IteratorResult<Y, undefined>> {
    this.#observe()
    while (!this.#isThere()) await new Promise<void>(resolve => this.#waiting.push(resolve))
    return this.#take()
  }

  /** Ends the iteration, and cancels the call. */
  async return(): Promise<IteratorResult<Y, undefined>> {
    this.#leave()
    return { done: true, value: undefined }
  }

  /** An iterator that blocks the thread until the next value is there. */
  [Symbol.iterator](): IterableIterator<Y, undefined, undefined> {
    this.#observe()
    // Not a generator: one that has not begun would not hear that it is left.
    const iterator: IterableIterator<Y, undefined, undefined> = {
      [Symbol.iterator]: () => iterator,
      next: () => {
        threadParker().park(() => this.#isThere())
        return this.#take()
      },
      return: () => {
        this.#leave()
        return { done: true, value: undefined }
      },
    }
    return iterator
  }

  /** For who runs the call: a value has arrived. */
  push(value: Y): void {
    if (this.#left) return
    this.#values.push(value)
    this.#waiting.shift()?.()
  }

  /** An error is seen when the iteration comes to it, however long that takes. */
  #observe() {
    if (this.#observed) return
    this.#observed = true
    this.future.addDoneCallback(() => {})
  }

  #isThere(): boolean {
    return this.#values.length > 0 || this.future.done() || this.#left
  }

  #take(): IteratorResult<Y, undefined> {
    if (this.#values.length > 0) {
      // Given back by halves: a message for each value would cost as much as the value.
      if (++this.#taken % (credit / 2) === 0) this.#giveCredit(credit / 2)
      return { done: false, value: this.#values.shift() as Y }
    }
    // The end is told once; an error of the call is thrown once.
    if (!this.#left) {
      this.#left = true
      this.future.result()
    }
    return { done: true, value: undefined }
  }

  #leave() {
    this.#left = true
    this.#values.length = 0
    this.future.cancel('the iteration has ended')
    this.#wakeAll()
  }

  #wakeAll() {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
