import { BaseDelivery, type Outcome, type Settlement } from '@fosen/queue'
import type { Envelope } from './envelope.ts'
import { LeaseLostError } from './errors.ts'

type OnSettle<T> = (lease: Lease<T>, settlement: Settlement) => Outcome

/** The delivery of a message that this consumer holds. */
export class Lease<T> extends BaseDelivery<T> {
  readonly id: string
  readonly value: T
  readonly attempt: number
  readonly token: Buffer
  readonly #onSettle: OnSettle<T>

  constructor({ id, attempts }: Envelope, value: T, token: Buffer, onSettle: OnSettle<T>) {
    super()
    this.id = id
    this.value = value
    this.attempt = attempts + 1
    this.token = token
    this.#onSettle = onSettle
  }

  /** Tells the handler that its work is in vain. */
  lose() {
    this.abort(new LeaseLostError(`the lease of message ${this.id} is no longer this consumer's`))
  }

  protected settle(settlement: Settlement) {
    return this.#onSettle(this, settlement)
  }
}
