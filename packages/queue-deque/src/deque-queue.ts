import { inspect } from 'node:util'
import {
  type Clock,
  type Codec,
  checkClock,
  checkCodec,
  checkCount,
  checkDuration,
  checkGetOptions,
  checkPartitions,
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
  type QueueStats,
  systemClock,
  traceReceive,
  traceSend,
  type WaitOptions,
} from '@fosen/queue'
import { Broker } from './broker.ts'

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
  /** Into how many partitions messages go by their `partitionKey`, 65 536 at most; without them, it means nothing. */
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
  readonly name: string
  readonly system = 'fosen_deque'
  readonly #broker: Broker<T>

  /** @throws TypeError, RangeError for a bad option */
  constructor(options: DequeQueueOptions<T> = {}) {
    const { name = 'queue', capacity = Infinity, codec, lease = Infinity, partitions, clock = systemClock } = options
    if (typeof name !== 'string') throw new TypeError(`name must be a string, not ${inspect(name)}`)
    checkCount('capacity', capacity, 1, true)
    if (codec !== undefined) checkCodec(codec)
    checkDuration('lease', lease, Infinity)
    if (lease === 0) throw new RangeError('lease must be more than 0 milliseconds')
    if (partitions !== undefined) checkPartitions(partitions)
    checkClock(clock)
    this.name = name
    this.#broker = new Broker({ capacity, codec, lease, partitions, clock })
  }

  get deadLetters(): DeadLetters<T> {
    return this.#broker.dead
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
    const { store, outlet, dead } = this.#broker
    this.#broker.checkOpen()
    outlet.look()
    const { ready, delayed, oldestAge } = store
    return { ready, delayed, inFlight: outlet.inFlight, dead: dead.length, oldestAge, paused: outlet.isPaused }
  }

  async join(options: WaitOptions = none): Promise<void> {
    checkWaitOptions(options)
    this.#checkMayBegin(options)
    return this.#broker.join(options)
  }

  async pause(): Promise<void> {
    this.#broker.checkOpen()
    this.#broker.outlet.isPaused = true
  }

  async resume(): Promise<void> {
    this.#broker.checkOpen()
    this.#broker.outlet.isPaused = false
  }

  async close(): Promise<void> {
    this.#broker.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #put(value: T, options: PutOptions) {
    if (options !== none) checkPutOptions(options)
    this.#checkMayBegin(options)
    return this.#broker.intake.put(value, options)
  }

  #putMany(values: readonly T[], options: PutManyOptions) {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    checkPutManyOptions(options)
    this.#checkMayBegin(options)
    return this.#broker.intake.putMany(values, options)
  }

  async #get(options: GetOptions) {
    const [delivery] = await this.#getMany(1, options)
    return delivery as Delivery<T>
  }

  #getMany(max: number, options: GetOptions) {
    checkGetOptions(options)
    this.#checkMayBegin(options)
    return this.#broker.outlet.take(max, options)
  }

  #checkMayBegin({ signal }: WaitOptions) {
    this.#broker.checkOpen()
    signal?.throwIfAborted()
  }
}
