import { BaseDelivery } from './base-delivery.ts'
import type { Delivery, Settlement } from './delivery.ts'

/**
 * A delivery of a queue that makes its own, for a consumer to abort: its signal follows the queue's from when it is asked
 * for until it is settled.
 */
class AdoptedDelivery<T> extends BaseDelivery<T> {
  readonly #delivery: Delivery<T>
  #unfollow: (() => void) | undefined

  constructor(delivery: Delivery<T>) {
    super()
    this.#delivery = delivery
  }

  get id() {
    return this.#delivery.id
  }

  get value() {
    return this.#delivery.value
  }

  get attempt() {
    return this.#delivery.attempt
  }

  get headers() {
    return this.#delivery.headers
  }

  override get signal() {
    if (this.#unfollow === undefined && this.outcome === undefined) {
      const { signal } = this.#delivery
      const follow = () => this.abort(signal.reason)
      if (signal.aborted) follow()
      else signal.addEventListener('abort', follow)
      this.#unfollow = () => signal.removeEventListener('abort', follow)
    }
    return super.signal
  }

  protected settle(settlement: Settlement) {
    this.#unfollow?.()
    switch (settlement.type) {
      case 'ack':
        this.#delivery.ack()
        break
      case 'retry':
        this.#delivery.retry(settlement)
        break
      case 'bury':
        this.#delivery.bury(settlement.error)
        break
      case 'release':
        this.#delivery.release()
    }
    return this.#delivery.settled
  }
}

/** The delivery as one that can be aborted. */
export function adopt<T>(delivery: Delivery<T>): BaseDelivery<T> {
  return delivery instanceof BaseDelivery ? delivery : new AdoptedDelivery(delivery)
}
