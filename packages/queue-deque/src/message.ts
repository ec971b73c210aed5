import type { DeliverySource, Settlement } from '@fosen/queue'

/** A message at one attempt: what the queue holds, and the source of the delivery that is made of it. */
export class Message<T> implements DeliverySource<T> {
  readonly id: string
  readonly value: T
  readonly attempt: number
  readonly #onSettle: (message: Message<T>, settlement: Settlement) => boolean
  #controller: AbortController | undefined

  constructor(
    id: string,
    value: T,
    attempt: number,
    onSettle: (message: Message<T>, settlement: Settlement) => boolean,
  ) {
    this.id = id
    this.value = value
    this.attempt = attempt
    this.#onSettle = onSettle
  }

  /** Never aborted, since no lease can be lost in a process; one for each message, so that listeners go with it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  settle(settlement: Settlement) {
    return this.#onSettle(this, settlement)
  }

  /** The message for its next attempt. */
  next() {
    return new Message(this.id, this.value, this.attempt + 1, this.#onSettle)
  }
}
