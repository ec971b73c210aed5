import type { DeliverySource, Settlement } from '@fosen/queue'
import type { Envelope } from './envelope.ts'
import { LeaseLostError } from './errors.ts'

/** A message that this consumer holds: the source of its delivery. */
export class Lease<T> implements DeliverySource<T> {
  readonly id: string
  readonly value: T
  readonly attempt: number
  readonly token: Buffer
  readonly #onSettle: (lease: Lease<T>, settlement: Settlement) => boolean | Promise<boolean>
  #controller: AbortController | undefined
  #lostBy: LeaseLostError | undefined

  constructor(
    { id, attempts }: Envelope,
    value: T,
    token: Buffer,
    onSettle: (lease: Lease<T>, settlement: Settlement) => boolean | Promise<boolean>,
  ) {
    this.id = id
    this.value = value
    this.attempt = attempts + 1
    this.token = token
    this.#onSettle = onSettle
  }

  /** Made for the handlers that ask for it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#lostBy !== undefined) this.#controller.abort(this.#lostBy)
    }
    return this.#controller.signal
  }

  settle(settlement: Settlement) {
    return this.#onSettle(this, settlement)
  }

  /** Tells the handler that its work is in vain. */
  lose() {
    this.#lostBy = new LeaseLostError(`the lease of message ${this.id} is no longer this consumer's`)
    this.#controller?.abort(this.#lostBy)
  }
}
