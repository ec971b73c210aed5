import { inspect } from 'node:util'
import { type Backoff, exponentialBackoff } from './backoff.ts'
import type { BaseDelivery } from './base-delivery.ts'
import type { Delivery } from './delivery.ts'
import { QueueClosedError } from './errors.ts'

export type ErrorListener<T> = (error: unknown, delivery: Delivery<T> | undefined) => void

export interface SettlerOptions<T> {
  readonly retries: number
  readonly backoff: Backoff
  readonly onError: ErrorListener<T> | undefined
  /** Called when the queue has all that was settled, or could not be told. */
  readonly onAllSettled: () => void
  /** Called with each settlement that was refused since the queue is closed. */
  readonly onQueueClosed: () => void
}

/** Settles deliveries by what became of their handlers, and tells of what failed. */
export class Settler<T> {
  readonly #options: SettlerOptions<T>
  /** Attempts whose handler fulfilled. */
  processed = 0
  /** Attempts that failed. */
  failed = 0
  #open = 0

  constructor(options: SettlerOptions<T>) {
    this.#options = options
  }

  /** Settlements that the queue does not have yet. */
  get open(): number {
    return this.#open
  }

  count(messages: number, haveFailed: boolean): void {
    if (haveFailed) this.failed += messages
    else this.processed += messages
  }

  succeed(delivery: BaseDelivery<T>): void {
    this.processed++
    delivery.ack()
    this.#follow(delivery)
  }

  /** @param otherwise tells of the error where there is no `onError` */
  fail(delivery: BaseDelivery<T>, error: unknown, otherwise: ErrorListener<T> = ignore): void {
    const { retries, backoff } = this.#options
    this.failed++
    this.report(error, delivery, otherwise)
    if (delivery.attempt > retries) {
      delivery.bury(error)
    } else {
      try {
        delivery.retry({ delay: backoff(delivery.attempt, error), error })
      } catch (backoffError) {
        // A backoff that fails must not cost the message.
        this.report(backoffError, delivery)
        delivery.retry({ delay: exponentialBackoff()(delivery.attempt, error), error })
      }
    }
    this.#follow(delivery)
  }

  /** Gives a message back that is being handled: its signal is aborted, and the attempt counts. */
  handBack(delivery: BaseDelivery<T>, reason: unknown): void {
    delivery.abort(reason)
    delivery.retry({ error: reason })
    this.#follow(delivery)
  }

  /** Gives messages back that were not handled. */
  release(deliveries: readonly BaseDelivery<T>[]): void {
    // The last to be released is the first to be delivered.
    for (const delivery of deliveries.toReversed()) {
      delivery.release()
      this.#follow(delivery)
    }
  }

  /** Tells `onError`; by default, where there is none, it is a process warning. What `onError` throws is an uncaught exception. */
  report(error: unknown, delivery: Delivery<T> | undefined, otherwise: ErrorListener<T> = warn): void {
    try {
      const listener = this.#options.onError ?? otherwise
      listener(error, delivery)
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown
      })
    }
  }

  #follow(delivery: BaseDelivery<T>) {
    const { outcome } = delivery
    if (typeof outcome === 'object') void this.#await(outcome, delivery)
  }

  async #await(outcome: Promise<boolean>, delivery: BaseDelivery<T>) {
    const { onAllSettled, onQueueClosed } = this.#options
    this.#open++
    try {
      await outcome
    } catch (error) {
      this.report(error, delivery)
      if (error instanceof QueueClosedError) onQueueClosed()
    }
    this.#open--
    if (this.#open === 0) onAllSettled()
  }
}

function ignore() {}

export function warn(error: unknown): void {
  process.emitWarning(`a consumer goes on after: ${inspect(error)}`, 'ConsumerWarning')
}
