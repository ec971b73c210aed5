import type { BaseDelivery } from './base-delivery.ts'
import { Fifo } from './fifo.ts'

/** Messages that wait for a handler, in the order they came: those with one key, or those without. */
export class Lane<T> {
  readonly key: unknown
  /** How many pieces of work of this lane may be handled at a time. */
  readonly concurrency: number
  readonly waiting = new Fifo<BaseDelivery<T>>()
  /** When each of those that wait came; empty where nobody asks. */
  readonly since = new Fifo<number>()
  /** How many pieces of work of this lane are being handled. */
  running = 0
  /** Whether it stands in the line of lanes that have work to do. */
  isLined = false

  constructor(key: unknown, concurrency: number) {
    this.key = key
    this.concurrency = concurrency
  }

  /** Removes and gives the first of those that wait, `most` at most. */
  take(most: number): BaseDelivery<T>[] {
    const taken: BaseDelivery<T>[] = []
    while (taken.length < most && this.waiting.length > 0) {
      taken.push(this.waiting.shift() as BaseDelivery<T>)
      this.since.shift()
    }
    return taken
  }

  /** Drops what waits. */
  clear(): void {
    this.waiting.clear()
    this.since.clear()
    this.isLined = false
  }
}
