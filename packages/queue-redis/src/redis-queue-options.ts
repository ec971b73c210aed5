import { inspect } from 'node:util'
import {
  type Codec,
  checkCodec,
  checkCount,
  checkDuration,
  checkPartitions,
  type Headers,
  type PutManyOptions,
  type PutOptions,
} from '@fosen/queue'
import { type Connect, checkConnect } from './heartbeat/thread-source.ts'
import { checkMessageKey } from './keys.ts'
import type { RedisSource } from './source.ts'

export type RedisQueueOptions<T> = RedisSource & {
  /** How values are kept; JSON by default. */
  readonly codec?: Codec<T> | undefined
  /**
   * Milliseconds after which the messages of a consumer that is gone come back; 30 000 by default. One that runs extends
   * its leases by itself, three times in that time. The first lease of a process has to outlast the start of the thread that
   * does it, some 0.3 s.
   */
  readonly lease?: number | undefined
  /**
   * For how many milliseconds a lease is extended at most; 3 600 000 by default. That of a consumer whose event loop hangs is
   * only until its `timeout` and `grace` are over.
   */
  readonly maxLease?: number | undefined
  /** How many messages may be ready or delayed before `put` waits, in each partition; Infinity by default. */
  readonly capacity?: number | undefined
  /**
   * Into how many partitions, 65 536 at most, messages go by their `partitionKey`: each is a queue of its own, `name:0` and
   * so on, which a Cluster keeps on any of its nodes, and its messages in flight are one consumer's. A message without a
   * `partitionKey` goes by its `dedupKey`, or else in turn; with both, it is a duplicate within its partition alone. All who
   * use the queue must say the same. By default there are none.
   */
  readonly partitions?: number | undefined
  /**
   * Makes the connection of the heartbeat, which has a thread of its own; portable. Needed where the options of the
   * connection hold functions, which do not go to another thread.
   */
  readonly connect?: Connect | undefined
}

export interface RedisPutManyOptions extends PutManyOptions {
  /** Goes with the message, and is there as `delivery.headers`: a `traceparent`, for example. 64 KiB at most as JSON. */
  readonly headers?: Headers | undefined
  /**
   * Waits until so many replicas have the message; 0 by default. It waits as long as it takes: by then the message is in
   * the queue. Other puts that wait for replicas go after it; those that do not may overtake it.
   */
  readonly wait?: number | undefined
}

export interface RedisPutOptions extends RedisPutManyOptions, PutOptions {}

/** Below this, leases run out while they are being extended. */
const shortestLease = 10

/** @throws TypeError, RangeError */
export function checkQueueOptions<T>({ codec, lease, maxLease, capacity, partitions, connect }: RedisQueueOptions<T>) {
  if (codec !== undefined) checkCodec(codec)
  if (lease !== undefined) {
    checkDuration('lease', lease)
    if (lease < shortestLease) throw new RangeError(`lease must be ${shortestLease} ms at least, not ${lease}`)
  }
  if (maxLease !== undefined) checkDuration('maxLease', maxLease, Infinity)
  if (capacity !== undefined) checkCount('capacity', capacity, 1, true)
  if (partitions !== undefined) checkPartitions(partitions)
  if (connect !== undefined) checkConnect(connect)
}

/** @throws TypeError, RangeError */
export function checkRedisPut({ headers, wait, dedupKey, partitionKey }: RedisPutOptions) {
  checkHeaders(headers)
  if (dedupKey !== undefined) checkMessageKey('dedupKey', dedupKey)
  if (partitionKey !== undefined) checkMessageKey('partitionKey', partitionKey)
  if (wait !== undefined) checkCount('wait', wait, 0)
}

/** @throws TypeError */
export function checkHeaders(headers: unknown): asserts headers is Headers | undefined {
  if (headers === undefined) return
  const isRecord = typeof headers === 'object' && headers !== null && !Array.isArray(headers)
  if (isRecord && Object.values(headers).every(value => typeof value === 'string')) return
  throw new TypeError(`headers must be an object whose values are strings, not ${inspect(headers)}`)
}
