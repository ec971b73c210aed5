import { inspect } from 'node:util'
import {
  checkCount,
  checkDuration,
  checkGetOptions,
  checkPutManyOptions,
  checkPutOptions,
  checkWaitOptions,
  type GetOptions,
  type Headers,
  isTraced,
  jsonCodec,
  type MessageQueue,
  QueueClosedError,
  type QueueStats,
  traceReceive,
  traceSend,
  type WaitOptions,
} from '@fosen/queue'
import { RedisDeadLetters } from './dead-letters.ts'
import { closedHealth, healthOf, type RedisQueueHealth } from './health.ts'
import { Joiner } from './joiner.ts'
import { checkMessageId } from './keys.ts'
import { PartitionTaker } from './partition-taker.ts'
import { Partitions } from './partitions.ts'
import { QueueConnections } from './queue-connections.ts'
import type { RedisDelivery } from './redis-delivery.ts'
import {
  checkQueueOptions,
  checkRedisPut,
  type RedisPutManyOptions,
  type RedisPutOptions,
  type RedisQueueOptions,
} from './redis-queue-options.ts'
import { Taker } from './taker.ts'

const none = {}
const first = (ids: readonly string[]) => ids[0] as string

/**
 * A message queue over Redis that loses nothing: a message that is taken is leased, and comes back when its consumer is gone.
 *
 * Producers and consumers in any number of processes share a queue by its name. Messages that a plain LPUSH has put into
 * the list of that name are delivered, too. A message that the codec cannot decode becomes a dead letter.
 *
 * A put that is on its way is not ended by its signal. While Redis cannot be reached any more, calls wait until it can;
 * until it has been reached once, they reject with a RedisConnectionError.
 *
 * @example
 * ```ts
 * import { RedisQueue } from '@fosen/queue-redis'
 *
 * const queue = new RedisQueue<{ name: string }>('jobs', { url: 'redis://127.0.0.1:6379' })
 * await queue.put({ name: 'Ann' })
 * const delivery = await queue.get()
 * console.log(delivery.value, delivery.attempt)
 * delivery.ack()
 * await queue.join()
 * await queue.close()
 * ```
 * ```text
 * { name: 'Ann' } 1
 * ```
 */
export class RedisQueue<T> implements MessageQueue<T> {
  readonly name: string
  readonly system = 'redis'
  readonly #connections: QueueConnections
  readonly #lease: number
  readonly #partitions: Partitions<T>
  readonly #taker: Taker<T> | PartitionTaker<T>
  readonly #joiner = new Joiner(() => this.#partitions.stats())
  #closing: Promise<void> | undefined

  /** The messages given up; here they can be cleaned, too. */
  readonly deadLetters: RedisDeadLetters<T>

  /**
   * It connects when it is first used.
   *
   * @param name the list's key, without braces
   * @throws TypeError, RangeError for a bad name or option
   */
  constructor(name: string, options: RedisQueueOptions<T>) {
    const connections = new QueueConnections(options)
    checkQueueOptions(options)
    const { codec = jsonCodec<T>(), lease = 30_000, maxLease = 3_600_000, capacity = Infinity } = options
    const { partitions, connect } = options
    this.name = name
    this.#connections = connections
    this.#lease = lease
    this.#partitions = new Partitions<T>(name, partitions, {
      connections,
      source: options,
      connect,
      codec,
      lease,
      maxLease,
      capacity,
    })
    const { all, first } = this.#partitions
    this.#taker = partitions === undefined ? new Taker(first.take) : new PartitionTaker(all)
    const keys = all.map(({ keys }) => keys)
    this.deadLetters = new RedisDeadLetters(connections.connection, keys, codec, () => this.#checkOpen())
  }

  // An async function would cost a put a tenth of its time.
  put(value: T, options: RedisPutOptions = none): Promise<string> {
    try {
      checkPutOptions(options)
      checkRedisPut(options)
      this.#checkOpen()
      const put = (headers: Headers | undefined) => this.#put([value], options, headers).then(first)
      return isTraced('send') ? traceSend(this, 'put', put, options.headers) : put(options.headers)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async putMany(values: readonly T[], options: RedisPutManyOptions = none): Promise<string[]> {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    checkPutManyOptions(options)
    checkRedisPut(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
    if (values.length === 0) return []
    const put = (headers: Headers | undefined) => this.#put(values, options, headers)
    return isTraced('send') ? traceSend(this, 'putMany', put, options.headers) : put(options.headers)
  }

  async get(options: GetOptions = none): Promise<RedisDelivery<T>> {
    const get = async () => (await this.#getMany(1, options))[0] as RedisDelivery<T>
    return isTraced('receive') ? traceReceive(this, 'get', get) : get()
  }

  async getMany(max: number, options: GetOptions = none): Promise<RedisDelivery<T>[]> {
    checkCount('max', max)
    const get = () => this.#getMany(max, options)
    return isTraced('receive') ? traceReceive(this, 'getMany', get) : get()
  }

  async stats(): Promise<QueueStats> {
    this.#checkOpen()
    return this.#partitions.stats()
  }

  async join(options: WaitOptions = none): Promise<void> {
    checkWaitOptions(options)
    this.#checkOpen()
    return this.#joiner.join(options)
  }

  async pause(): Promise<void> {
    this.#checkOpen()
    await this.#partitions.each(partition => partition.pause())
  }

  /** Ends the pause. Consumers in other processes notice it within 2 s. */
  async resume(): Promise<void> {
    this.#checkOpen()
    await this.#partitions.each(partition => partition.resume())
    this.#taker.wake()
  }

  /**
   * Cancels a message, of whatever process: one that waits is dropped when it is its turn, or within a day is not delivered
   * any more; the `delivery.signal` of one that is handled aborts with a MessageCancelledError within a second or a third of
   * the lease, and the message is gone whatever it is settled with.
   *
   * @throws TypeError for what is no id
   */
  async cancel(id: string): Promise<void> {
    checkMessageId(id)
    this.#checkOpen()
    await this.#partitions.each(partition => partition.cancel(id))
  }

  /**
   * Says whether the queue works, for a probe. It does not reject because something is wrong with it.
   *
   * @param timeout milliseconds that Redis may take to answer; 1000 by default
   * @throws TypeError, RangeError for a timeout that is no time
   */
  async health({ timeout = 1_000 }: { readonly timeout?: number | undefined } = {}): Promise<RedisQueueHealth> {
    checkDuration('timeout', timeout)
    if (this.#closing !== undefined) return closedHealth
    const beats = this.#partitions.all.map(({ held }) => held.sinceBeat).filter(beat => beat !== undefined)
    const ping = () => this.#connections.connection.send(client => client.ping())
    return healthOf({ ping, timeout, beats, lease: this.#lease })
  }

  /** Removes all that is in the queue, dead letters too. What is in flight is lost to its consumers: `settled` is false. */
  async clear(): Promise<void> {
    this.#checkOpen()
    await this.#partitions.each(partition => partition.clear())
  }

  /**
   * Ends every wait with a QueueClosedError, and refuses later calls with it. It resolves when Redis has what was put and
   * settled before, or cannot be told within 5 s. A client that was given to the queue stays open.
   *
   * Messages that are still in flight come back when their lease has run out; to settle them is refused.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close() {
    const error = new QueueClosedError()
    const partitions = this.#partitions
    for (const { settlements } of partitions.all) settlements.refuse(error)
    const ended = async () => {
      const taken = this.#taker.close(error)
      const flushed = partitions.each(({ settlements }) => settlements.flush())
      const put = partitions.each(partition => partition.closeProducers(error))
      await Promise.all([taken, flushed, put, this.#joiner.close(error)])
      // What the taker has given back.
      await partitions.each(({ settlements }) => settlements.flush())
    }
    await this.#connections.close(ended())
    await partitions.each(({ held }) => held.close())
  }

  #put(values: readonly T[], options: RedisPutOptions, headers: Headers | undefined): Promise<string[]> {
    const ids = this.#partitions.put(values, options, headers)
    const taker = this.#taker
    if (!(taker instanceof PartitionTaker)) return ids
    return ids.then(ids => {
      taker.wake()
      return ids
    })
  }

  async #getMany(max: number, options: GetOptions) {
    checkGetOptions(options)
    this.#checkOpen()
    return (await this.#taker.take(max, options)) as RedisDelivery<T>[]
  }

  #checkOpen() {
    if (this.#closing !== undefined) throw new QueueClosedError()
  }
}
