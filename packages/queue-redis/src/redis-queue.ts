import { inspect } from 'node:util'
import {
  checkCount,
  checkDuration,
  checkPutOptions,
  checkWaitOptions,
  type DeadLetters,
  type Delivery,
  type MessageQueue,
  type PutOptions,
  QueueClosedError,
  type QueueStats,
  type WaitOptions,
} from '@fosen/queue'
import { type Codec, checkCodec, jsonCodec } from './codec.ts'
import { RedisConnection } from './connection.ts'
import { RedisDeadLetters } from './dead-letters.ts'
import { idOf, seal } from './envelope.ts'
import { Joiner } from './joiner.ts'
import { type QueueKeys, queueKeys } from './keys.ts'
import { Leases } from './leases.ts'
import { Producer } from './producer.ts'
import { Script } from './script.ts'
import type { RedisSource } from './source.ts'
import { Taker } from './taker.ts'

const stats = new Script('stats')

/** Below this, leases run out while they are being extended. */
const shortestLease = 10

export type RedisQueueOptions<T> = RedisSource & {
  /** How values are kept; JSON by default. */
  readonly codec?: Codec<T> | undefined
  /**
   * Milliseconds after which the messages of a consumer that is gone come back; 30 000 by default. One that runs extends
   * its leases by itself, three times in that time.
   */
  readonly lease?: number | undefined
  /** How many messages may be ready or delayed before `put` waits; Infinity by default. */
  readonly capacity?: number | undefined
}

/**
 * A message queue over Redis that loses nothing: a message that is taken is leased, and comes back when its consumer is gone.
 *
 * Producers and consumers in any number of processes share a queue by its name. Messages that a plain LPUSH has put into
 * the list of that name are delivered, too. A message that the codec cannot decode becomes a dead letter.
 *
 * A put whose answer was lost with the connection is sent again, and may be there twice; so is an ack, retry or bury, and
 * finds it done: `settled` is false although the queue has it. A put that is on its way is not ended by its signal. While Redis cannot be reached any
 * more, calls wait until it can; until it has been reached once, they reject with a RedisConnectionError.
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
  readonly #codec: Codec<T>
  readonly #keys: QueueKeys
  readonly #connection: RedisConnection
  readonly #leases: Leases<T>
  readonly #taker: Taker<T>
  readonly #producer: Producer
  readonly #joiner = new Joiner(() => this.#stats())
  #closing: Promise<void> | undefined

  readonly deadLetters: DeadLetters<T>

  /**
   * It connects when it is first used.
   *
   * @param name the list's key, without braces
   * @throws TypeError, RangeError for a bad name or option
   */
  constructor(name: string, options: RedisQueueOptions<T>) {
    this.#connection = new RedisConnection(options)
    const { codec = jsonCodec<T>(), lease = 30_000, capacity = Infinity } = options
    checkCodec(codec)
    checkDuration('lease', lease)
    if (lease < shortestLease) throw new RangeError(`lease must be ${shortestLease} ms at least, not ${lease}`)
    checkCount('capacity', capacity, 1, true)
    this.name = name
    this.#codec = codec
    this.#keys = queueKeys(name)
    this.#leases = new Leases(this.#connection, this.#keys, codec, lease, () => this.#taker.wake())
    this.#taker = new Taker(this.#connection, this.#keys, this.#leases, lease)
    this.#producer = new Producer(this.#connection, this.#keys, capacity === Infinity ? 0 : capacity)
    this.deadLetters = new RedisDeadLetters(this.#connection, this.#keys, codec, () => this.#checkOpen())
  }

  async put(value: T, options: PutOptions = {}): Promise<string> {
    const ids = await this.putMany([value], options)
    return ids[0] as string
  }

  async putMany(values: readonly T[], options: PutOptions = {}): Promise<string[]> {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    checkPutOptions(options)
    const { priority = 0, dedupKey } = options
    if (priority !== 0 || dedupKey !== undefined) throw new Error('RedisQueue knows neither priority nor dedupKey')
    this.#checkOpen()
    const envelopes = values.map(value => seal(this.#codec.encode(value)))
    const { delay = 0, signal } = options
    if (envelopes.length > 0) await this.#producer.put(envelopes, delay, signal)
    // It wakes nobody in Redis: those who wait here are to know when it is due.
    if (delay > 0) this.#taker.wake()
    return envelopes.map(idOf)
  }

  async get(options: WaitOptions = {}): Promise<Delivery<T>> {
    const deliveries = await this.getMany(1, options)
    return deliveries[0] as Delivery<T>
  }

  async getMany(max: number, options: WaitOptions = {}): Promise<Delivery<T>[]> {
    checkCount('max', max)
    checkWaitOptions(options)
    this.#checkOpen()
    return this.#taker.take(max, options)
  }

  async stats(): Promise<QueueStats> {
    this.#checkOpen()
    return this.#stats()
  }

  async join(options: WaitOptions = {}): Promise<void> {
    checkWaitOptions(options)
    this.#checkOpen()
    return this.#joiner.join(options)
  }

  async pause(): Promise<void> {
    throw new Error('RedisQueue cannot be paused')
  }

  async resume(): Promise<void> {
    this.#checkOpen()
  }

  /** Removes all that is in the queue, dead letters too. What is in flight is lost to its consumers: `settled` is false. */
  async clear(): Promise<void> {
    this.#checkOpen()
    await this.#connection.send(client => client.unlink(Object.values(this.#keys)))
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
    this.#leases.close(error)
    const loops = Promise.all([this.#taker.close(error), this.#producer.close(error), this.#joiner.close(error)])
    await this.#connection.close(loops)
    await this.#taker.disconnect()
  }

  async #stats(): Promise<QueueStats> {
    const { ready, hot, leases, delayed, dead } = this.#keys
    const counts = (await stats.run(this.#connection, [ready, hot, leases, delayed, dead], [])) as number[]
    const [readyCount, delayedCount, inFlight, deadCount] = counts.map(Number) as [number, number, number, number]
    return { ready: readyCount, delayed: delayedCount, inFlight, dead: deadCount, oldestAge: undefined, paused: false }
  }

  #checkOpen() {
    if (this.#closing !== undefined) throw new QueueClosedError()
  }
}
