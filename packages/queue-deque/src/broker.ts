import { type Clock, type Codec, QueueClosedError, type Settlement, TimeoutError, type WaitOptions } from '@fosen/queue'
import { DequeDeadLetters } from './deque-dead-letters.ts'
import { Intake } from './intake.ts'
import { type Message, unpack } from './message.ts'
import { MessageDelivery } from './message-delivery.ts'
import { Outlet } from './outlet.ts'
import { PartitionedMessages } from './partitioned-messages.ts'
import { ReadyMessages } from './ready-messages.ts'
import { Store } from './store.ts'
import { WaitList } from './wait-list.ts'

export interface BrokerOptions<T> {
  readonly capacity: number
  readonly codec: Codec<T> | undefined
  readonly lease: number
  readonly partitions: number | undefined
  readonly clock: Clock
}

/**
 * Moves messages between those who put, those who get, the store and the dead letters.
 *
 * After every step nobody waits in vain: a get only while there is nothing that it may have, a put only while there is no
 * room, a join only while the queue is not done.
 */
export class Broker<T> {
  readonly #codec: Codec<T> | undefined
  readonly store: Store<T>
  readonly intake: Intake<T>
  readonly outlet: Outlet<T>
  readonly dead: DequeDeadLetters<T>
  readonly #joins: WaitList<undefined, void>
  #isClosed = false

  constructor({ capacity, codec, lease, partitions, clock }: BrokerOptions<T>) {
    const partitioned = partitions === undefined ? undefined : new PartitionedMessages<T>(partitions)
    const choosePartition = partitioned && ((key: string | undefined) => partitioned.choose(key))
    this.#codec = codec
    this.store = new Store<T>(partitioned ?? new ReadyMessages(), clock)
    this.intake = new Intake({ store: this.store, capacity, codec, clock, choosePartition, onPut: this.#balance })
    this.outlet = new Outlet({ store: this.store, lease, clock, open: this.#open, onChange: this.#balance })
    this.dead = new DequeDeadLetters({ codec, checkOpen: this.checkOpen, requeue: this.#requeue })
    this.#joins = new WaitList(clock, 'the queue was not done')
  }

  /** @throws QueueClosedError */
  readonly checkOpen = (): void => {
    if (this.#isClosed) throw new QueueClosedError()
  }

  async join(options: WaitOptions): Promise<void> {
    if (this.#isDone) return
    if (options.timeout === 0) throw new TimeoutError('the queue is not done')
    await this.#joins.wait(undefined, options)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.store.clear()
    this.dead.clear()
    this.intake.close()
    this.outlet.close()
    this.#joins.rejectAll(() => new QueueClosedError())
  }

  get #isDone() {
    return this.outlet.inFlight === 0 && this.store.length === 0
  }

  /** The delivery of a message that was taken; undefined when it cannot be decoded: then it is a dead letter. */
  readonly #open = (message: Message<T>) => {
    try {
      return new MessageDelivery(message, unpack(message.payload, this.#codec), this.#settle)
    } catch (error) {
      this.store.free(message)
      this.dead.add(message, message.attempt - 1, error)
      this.#endJoins()
      return undefined
    }
  }

  readonly #settle = (delivery: MessageDelivery<T>, settlement: Settlement) => {
    this.checkOpen()
    if (!this.outlet.end(delivery)) return false
    const { message } = delivery
    let mayServe = this.store.free(message)
    switch (settlement.type) {
      case 'bury':
        this.dead.add(message, message.attempt, settlement.error)
        break
      case 'retry':
        message.attempt++
        this.store.comeBack(message, settlement.delay)
        mayServe = true
        break
      case 'release':
        this.store.putBack(message)
        mayServe = true
    }
    if (mayServe) this.#balance()
    this.#endJoins()
    return true
  }

  readonly #requeue = (messages: readonly Message<T>[]) => {
    for (const message of messages) {
      message.attempt = 1
      this.store.append(message)
    }
    this.#balance()
  }

  /** Lets waiting puts in while there is room, and waiting gets have what they may, until neither can go on. */
  readonly #balance = () => {
    do {
      this.intake.admit()
      this.outlet.serve()
    } while (this.intake.isStuck)
  }

  #endJoins() {
    if (this.#isDone) for (const waiter of this.#joins) this.#joins.resolve(waiter, undefined)
  }
}
