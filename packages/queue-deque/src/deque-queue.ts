import { inspect } from 'node:util'
import {
  type Clock,
  type Codec,
  checkClock,
  checkCodec,
  checkCount,
  checkDuration,
  checkPutManyOptions,
  checkPutOptions,
  checkWaitOptions,
  type DeadLetters,
  type Delivery,
  type GetOptions,
  isTraced,
  type MessageQueue,
  type PutManyOptions,
  type PutOptions,
  QueueClosedError,
  type QueueStats,
  type Settlement,
  systemClock,
  TimeoutError,
  traceReceive,
  traceSend,
  type WaitOptions,
} from '@fosen/queue'
import { DequeDeadLetters } from './deque-dead-letters.ts'
import { Intake } from './intake.ts'
import type { Message } from './message.ts'
import { Outlet } from './outlet.ts'
import { PartitionedMessages } from './partitioned-messages.ts'
import { unpack } from './payload.ts'
import { ReadyMessages } from './ready-messages.ts'
import { Store } from './store.ts'
import { WaitList } from './wait-list.ts'

export interface DequeQueueOptions<T> {
  /** What it is called in traces; `'queue'` by default. */
  readonly name?: string | undefined
  /** How many messages may be ready or delayed before `put` waits; Infinity by default. */
  readonly capacity?: number | undefined
  /**
   * Has values kept as bytes, as a queue outside of the process does: each delivery has its own copy, and what cannot be
   * encoded is refused. By default values are passed by reference.
   */
  readonly codec?: Codec<T> | undefined
  /** For how many milliseconds a delivery may be unsettled before its message is delivered again; Infinity by default. Nothing extends it. */
  readonly lease?: number | undefined
  /** Into how many partitions messages go by their `partitionKey`; without them, it means nothing. */
  readonly partitions?: number | undefined
  /** Where its time comes from; the machine's clock by default. */
  readonly clock?: Clock | undefined
}

const none = {}

/**
 * A message queue in one process, over deques.
 *
 * Values are passed by reference, or as bytes with a `codec`. Handlers have the AsyncLocalStorage of the put. A delivery
 * may be held for as long as it takes, unless there is a `lease`. With a `capacity`, puts wait while the queue is full, and
 * go in in the order they came; what comes back always does. What is in the queue is lost with the process, or when the
 * queue is closed.
 *
 * A lease that has run out is looked at only when somebody gets, or waits for, a message, and not before the handlers had a
 * turn of the event loop to settle: who blocks the event loop causes no redelivery of what is done.
 *
 * @example
 * ```ts
 * import { DequeQueue } from '@fosen/queue-deque'
 *
 * const queue = new DequeQueue<{ name: string }>({ capacity: 100 })
 * await queue.put({ name: 'Ann' })
 * const delivery = await queue.get()
 * console.log(delivery.value, delivery.attempt)
 * delivery.ack()
 * await queue.join()
 * ```
 * ```text
 * { name: 'Ann' } 1
 * ```
 */
export class DequeQueue<T> implements MessageQueue<T> {
  // After every step nobody waits in vain: a get only while there is nothing that it may have, a put only while there is no
  // room, a join only while the queue is not done.
  readonly name: string
  readonly system = 'fosen_deque'
  readonly #codec: Codec<T> | undefined
  readonly #store: Store<T>
  readonly #intake: Intake<T>
  readonly #outlet: Outlet<T>
  readonly #dead: DequeDeadLetters<T>
  readonly #joins: WaitList<undefined, void>
  #isClosed = false

  /** @throws TypeError, RangeError for a bad option */
  constructor(options: DequeQueueOptions<T> = {}) {
    const { name = 'queue', capacity = Infinity, codec, lease = Infinity, partitions, clock = systemClock } = options
    if (typeof name !== 'string') throw new TypeError(`name must be a string, not ${inspect(name)}`)
    checkCount('capacity', capacity, 1, true)
    if (codec !== undefined) checkCodec(codec)
    checkDuration('lease', lease, Infinity)
    if (lease === 0) throw new RangeError('lease must be more than 0 milliseconds')
    if (partitions !== undefined) checkCount('partitions', partitions)
    checkClock(clock)
    this.name = name
    this.#codec = codec
    const partitioned = partitions === undefined ? undefined : new PartitionedMessages<T>(partitions)
    const choosePartition = (key: string | undefined) => partitioned?.choose(key) ?? 0
    const store = new Store<T>(partitioned ?? new ReadyMessages(), clock)
    this.#store = store
    this.#intake = new Intake({ store, capacity, codec, clock, choosePartition, settle: this.#settle })
    this.#outlet = new Outlet({ store, lease, clock, open: this.#open, onChange: this.#balance })
    this.#dead = new DequeDeadLetters({ codec, checkOpen: this.#checkOpen, requeue: this.#requeue })
    this.#joins = new WaitList(clock, 'the queue was not done')
  }

  get deadLetters(): DeadLetters<T> {
    return this.#dead
  }

  async put(value: T, options: PutOptions = none): Promise<string> {
    if (isTraced('send')) return traceSend(this, 'put', async () => this.#put(value, options))
    return this.#put(value, options)
  }

  async putMany(values: readonly T[], options: PutManyOptions = none): Promise<string[]> {
    if (isTraced('send')) return traceSend(this, 'putMany', async () => this.#putMany(values, options))
    return this.#putMany(values, options)
  }

  async get(options: GetOptions = none): Promise<Delivery<T>> {
    if (isTraced('receive')) return traceReceive(this, 'get', () => this.#get(options))
    return this.#get(options)
  }

  async getMany(max: number, options: GetOptions = none): Promise<Delivery<T>[]> {
    checkCount('max', max)
    if (isTraced('receive')) return traceReceive(this, 'getMany', async () => this.#getMany(max, options))
    return this.#getMany(max, options)
  }

  async stats(): Promise<QueueStats> {
    this.#checkOpen()
    this.#outlet.look()
    const { ready, delayed, oldestAge } = this.#store
    const { inFlight, isPaused: paused } = this.#outlet
    return { ready, delayed, inFlight, dead: this.#dead.length, oldestAge, paused }
  }

  async join(options: WaitOptions = none): Promise<void> {
    this.#checkWait(options)
    if (this.#isDone) return
    if (options.timeout === 0) throw new TimeoutError('the queue is not done')
    await this.#joins.wait(undefined, options)
  }

  async pause(): Promise<void> {
    this.#checkOpen()
    this.#outlet.isPaused = true
  }

  async resume(): Promise<void> {
    this.#checkOpen()
    this.#outlet.isPaused = false
    this.#balance()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#store.clear()
    this.#dead.clear()
    this.#intake.close()
    this.#outlet.close()
    this.#joins.rejectAll(() => new QueueClosedError())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  get #isDone() {
    return this.#outlet.inFlight === 0 && this.#store.length === 0
  }

  readonly #checkOpen = () => {
    if (this.#isClosed) throw new QueueClosedError()
  }

  #checkWait(options: WaitOptions) {
    checkWaitOptions(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
  }

  #put(value: T, options: PutOptions) {
    checkPutOptions(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
    const id = this.#intake.put(value, options)
    this.#balance()
    return id
  }

  #putMany(values: readonly T[], options: PutManyOptions) {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    checkPutManyOptions(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
    const ids = this.#intake.putMany(values, options)
    this.#balance()
    return ids
  }

  async #get(options: GetOptions) {
    const [delivery] = await this.#getMany(1, options)
    return delivery as Delivery<T>
  }

  #getMany(max: number, options: GetOptions) {
    this.#checkWait(options)
    return this.#outlet.take(max, options)
  }

  readonly #open = (message: Message<T>) => {
    try {
      message.value = unpack(message.payload, this.#codec)
      return true
    } catch (error) {
      this.#store.free(message)
      this.#dead.add(message, message.attempt - 1, error)
      this.#endJoins()
      return false
    }
  }

  readonly #settle = (message: Message<T>, settlement: Settlement) => {
    this.#checkOpen()
    if (!this.#outlet.end(message)) return false
    const { attempt } = message
    let mayServe = this.#store.free(message)
    switch (settlement.type) {
      case 'bury':
        this.#dead.add(message, attempt, settlement.error)
        break
      case 'retry':
        this.#store.comeBack(message.at(attempt + 1), settlement.delay)
        mayServe = true
        break
      case 'release':
        this.#store.putBack(message)
        mayServe = true
    }
    if (mayServe) this.#balance()
    this.#endJoins()
    return true
  }

  readonly #requeue = (messages: readonly Message<T>[]) => {
    for (const message of messages) this.#store.append(message.at(1))
    this.#balance()
  }

  /** Lets waiting puts in while there is room, and waiting gets have what they may, until neither can go on. */
  readonly #balance = () => {
    do {
      this.#intake.admit()
      this.#outlet.serve()
    } while (this.#intake.isStuck)
  }

  #endJoins() {
    if (this.#isDone) for (const waiter of this.#joins) this.#joins.resolve(waiter, undefined)
  }
}
