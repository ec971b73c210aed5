import type { Clock } from '@fosen/queue'
import { DelayHeap } from './delay-heap.ts'
import type { Message } from './message.ts'
import type { Stock } from './ready-messages.ts'
import { TurnClock } from './turn-clock.ts'

/** What is in a queue: messages that are ready, and those that wait for their time. */
export class Store<T> {
  readonly #stock: Stock<T>
  readonly #clock: Clock
  readonly #turnClock: TurnClock
  readonly #delayed = new DelayHeap<Message<T>>()

  constructor(stock: Stock<T>, clock: Clock) {
    this.#stock = stock
    this.#clock = clock
    this.#turnClock = new TurnClock(clock)
  }

  get ready(): number {
    return this.#stock.length
  }

  get delayed(): number {
    return this.#delayed.length
  }

  get length(): number {
    return this.#stock.length + this.#delayed.length
  }

  /** When a message is due that waits for its time; Infinity when none does. */
  get nextDue(): number {
    return this.#delayed.nextDue
  }

  /** For how long a message has been ready; undefined when none is. */
  get oldestAge(): number | undefined {
    return this.#stock.length === 0 ? undefined : Math.max(0, this.#clock.now() - this.#stock.oldest)
  }

  /** Adds a message behind the others. */
  append(message: Message<T>): void {
    message.ready = this.#turnClock.now()
    this.#stock.append(message)
  }

  /** Adds a message that comes before those that were never delivered, when its delay is over. */
  comeBack(message: Message<T>, delay: number): void {
    if (delay > 0) {
      this.#delayed.push(this.#clock.now() + delay, message)
    } else {
      message.ready = this.#turnClock.now()
      this.#stock.comeBack(message)
    }
  }

  /** Adds a message as if it had not been taken: it is to be the next. */
  putBack(message: Message<T>): void {
    this.#stock.putBack(message)
  }

  /** Makes ready what is due. Whether there was something. */
  wakeDue(): boolean {
    if (this.#delayed.length === 0) return false
    const now = this.#clock.now()
    const before = this.#delayed.length
    for (let due = this.nextDue; due <= now; due = this.nextDue) {
      const message = this.#delayed.pop() as Message<T>
      message.ready = { time: due }
      this.#stock.comeBack(message)
    }
    return this.#delayed.length < before
  }

  take(owner: object | undefined): Message<T> | undefined {
    return this.#stock.take(owner)
  }

  /** A message that was taken is no more in flight. Whether others may be taken because of that. */
  free(message: Message<T>): boolean {
    return this.#stock.free(message)
  }

  clear(): void {
    this.#stock.clear()
    this.#delayed.clear()
  }
}
