import { BaseDelivery, type Headers, type Outcome, type Settlement } from '@fosen/queue'
import type { Batch } from './batch.ts'
import type { Envelope } from './envelope.ts'

/** A delivery of a RedisQueue. */
export class RedisDelivery<T> extends BaseDelivery<T> {
  readonly id: string
  readonly value: T
  readonly attempt: number
  /** What the message was put with. */
  readonly headers: Headers
  /** Its place in the batch. */
  readonly index: number
  readonly #batch: Batch<T>

  constructor(batch: Batch<T>, index: number, { id, attempts, headers }: Envelope, value: T) {
    super()
    this.#batch = batch
    this.index = index
    this.id = id
    this.value = value
    this.attempt = attempts + 1
    this.headers = headers
  }

  protected settle(settlement: Settlement): Outcome {
    return this.#batch.settle(this, settlement)
  }
}
