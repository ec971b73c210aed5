import type { BaseDelivery } from './base-delivery.ts'
import { Fifo } from './fifo.ts'

/** What one call of a handler is about: a message, or a batch of them. */
export type Work<T> = BaseDelivery<T> | BaseDelivery<T>[]

export function deliveriesOf<T>(work: Work<T>): BaseDelivery<T>[] {
  return Array.isArray(work) ? work : [work]
}

/** The messages that were taken and wait for a handler. */
export interface Backlog<T> {
  readonly length: number
  readonly hasWork: boolean
  /** @throws what the function for keys throws: then the message is not in it */
  add(delivery: BaseDelivery<T>): void
  /** The next piece of work, when there is one; `end` is to be called when it has ended. */
  begin(): Work<T>
  end(work: Work<T>): void
  /** Removes what waits, and gives it in the order it came. */
  clear(): BaseDelivery<T>[]
}

/** Messages that are handled one by one, in the order they came. */
export class PlainBacklog<T> implements Backlog<T> {
  readonly #waiting = new Fifo<BaseDelivery<T>>()

  get length(): number {
    return this.#waiting.length
  }

  get hasWork(): boolean {
    return this.#waiting.length > 0
  }

  add(delivery: BaseDelivery<T>): void {
    this.#waiting.push(delivery)
  }

  begin(): Work<T> {
    return this.#waiting.shift() as BaseDelivery<T>
  }

  end(): void {}

  clear(): BaseDelivery<T>[] {
    const cleared = [...this.#waiting]
    this.#waiting.clear()
    return cleared
  }
}
