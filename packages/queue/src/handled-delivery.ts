import type { Delivery } from './delivery.ts'

/**
 * A delivery as a handler sees it: its signal is aborted by the queue, or by the consumer.
 *
 * The signal is made for the handlers that ask for it. It follows the queue's from then until `release`, which has to be
 * called when the handler has ended.
 */
export class HandledDelivery<T> implements Delivery<T> {
  readonly #delivery: Delivery<T>
  #controller: AbortController | undefined
  #unfollow: (() => void) | undefined

  constructor(delivery: Delivery<T>) {
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

  get settled() {
    return this.#delivery.settled
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController()
      const { signal } = this.#delivery
      const follow = () => controller.abort(signal.reason)
      if (signal.aborted) follow()
      else signal.addEventListener('abort', follow)
      this.#unfollow = () => signal.removeEventListener('abort', follow)
      this.#controller = controller
    }
    return this.#controller.signal
  }

  ack() {
    this.#delivery.ack()
  }

  retry(options?: { readonly delay?: number | undefined; readonly error?: unknown }) {
    this.#delivery.retry(options)
  }

  bury(error?: unknown) {
    this.#delivery.bury(error)
  }

  /** Aborts the signal, also for a handler that asks for it later. */
  abort(reason: unknown) {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }

  /** Follows the queue's signal no further. */
  release() {
    this.#unfollow?.()
  }
}
