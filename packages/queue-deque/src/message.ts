import type { AsyncResource } from 'node:async_hooks'
import { BaseDelivery, type Priority, type Settlement } from '@fosen/queue'

/** Says whether the settlement of a message was in time. */
export type Settle<T> = (message: Message<T>, settlement: Settlement) => boolean

/** A message at one attempt: what the queue holds, and the delivery of it. */
export class Message<T> extends BaseDelivery<T> {
  readonly id: string
  readonly attempt: number
  /** What it was put as: its value, or the bytes of it. */
  readonly payload: T | Buffer
  /** That of the put. */
  override readonly context: AsyncResource
  readonly priority: Priority
  readonly partition: number
  /** When it became ready, in the clock's time; 0 before. */
  readyAt = 0
  /** Undefined until it is delivered. */
  value!: T
  readonly #settle: Settle<T>

  constructor(
    settle: Settle<T>,
    id: string,
    attempt: number,
    payload: T | Buffer,
    context: AsyncResource,
    priority: Priority,
    partition: number,
  ) {
    super()
    this.#settle = settle
    this.id = id
    this.attempt = attempt
    this.payload = payload
    this.context = context
    this.priority = priority
    this.partition = partition
  }

  /** The message for an attempt. */
  at(attempt: number): Message<T> {
    return new Message(this.#settle, this.id, attempt, this.payload, this.context, this.priority, this.partition)
  }

  protected settle(settlement: Settlement): boolean {
    return this.#settle(this, settlement)
  }
}
