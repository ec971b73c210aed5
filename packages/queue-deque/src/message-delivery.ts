import { BaseDelivery, type Settlement } from '@fosen/queue'
import type { Message } from './message.ts'

/** Says whether a settlement was in time. */
export type Settle<T> = (delivery: MessageDelivery<T>, settlement: Settlement) => boolean

/** A message at one attempt, on loan to a consumer. */
export class MessageDelivery<T> extends BaseDelivery<T> {
  readonly message: Message<T>
  readonly value: T
  readonly attempt: number
  readonly #settle: Settle<T>

  constructor(message: Message<T>, value: T, settle: Settle<T>) {
    super()
    this.message = message
    this.value = value
    this.attempt = message.attempt
    this.#settle = settle
  }

  get id(): string {
    return String(this.message.number)
  }

  override get context() {
    return this.message
  }

  protected settle(settlement: Settlement): boolean {
    return this.#settle(this, settlement)
  }
}
