import { type Codec, encodeValue, type Headers, partitionOf, type QueueStats } from '@fosen/queue'
import { seal } from './envelope.ts'
import { Partition, type PartitionOptions } from './partition.ts'
import type { PutManner } from './pending-put.ts'
import { checkHeaders, type RedisPutOptions } from './redis-queue-options.ts'

/** What the partition key is called among the headers. */
const partitionHeader = 'partition-key'
const defaultWindow = 300_000

/** The partitions of a queue: one with its name, or so many, `name:0` and so on. */
export class Partitions<T> {
  readonly all: readonly Partition<T>[]
  readonly #codec: Codec<T>
  /** The one that a message without a key is put into next. */
  #turn = 0

  constructor(name: string, count: number | undefined, options: PartitionOptions<T>) {
    const names = count === undefined ? [name] : Array.from({ length: count }, (_, index) => `${name}:${index}`)
    this.#codec = options.codec
    this.all = names.map(name => new Partition<T>(name, options))
  }

  get first(): Partition<T> {
    return this.all[0] as Partition<T>
  }

  /** @returns the ids, in the order of the values */
  put(values: readonly T[], options: RedisPutOptions, headers: Headers | undefined): Promise<string[]> {
    // Those of a trace are what its subscribers have made of them.
    checkHeaders(headers)
    const { priority = 0, partitionKey, dedupKey, signal } = options
    const all = partitionKey === undefined ? headers : { ...headers, [partitionHeader]: partitionKey }
    const now = Date.now()
    const envelopes: Buffer[] = []
    // Array.from takes several times as long, and map leaves out the holes.
    for (const value of values) envelopes.push(seal(encodeValue(this.#codec, value), priority, all, now))
    const manner = mannerOf(options)
    const count = this.all.length
    // A window is known to one partition alone.
    const key = partitionKey ?? dedupKey
    if (key !== undefined || count === 1) {
      const index = key === undefined ? 0 : partitionOf(key, count)
      return (this.all[index] as Partition<T>).put(envelopes, manner, signal)
    }
    const first = this.#turn
    this.#turn = (first + envelopes.length) % count
    const puts = this.all.map((partition, index) => {
      const own = envelopes.filter((_, position) => (first + position) % count === index)
      return own.length === 0 ? [] : partition.put(own, manner, signal)
    })
    return Promise.all(puts).then(ids =>
      envelopes.map((_, position) => ids[(first + position) % count]?.[Math.floor(position / count)] as string),
    )
  }

  async stats(): Promise<QueueStats> {
    const all = await this.each(partition => partition.stats())
    const sum = (count: (stats: QueueStats) => number) => all.reduce((sum, stats) => sum + count(stats), 0)
    const ages = all.map(({ oldestAge }) => oldestAge).filter(age => age !== undefined)
    return {
      ready: sum(({ ready }) => ready),
      delayed: sum(({ delayed }) => delayed),
      inFlight: sum(({ inFlight }) => inFlight),
      dead: sum(({ dead }) => dead),
      oldestAge: ages.length === 0 ? undefined : Math.max(...ages),
      paused: all.every(({ paused }) => paused),
    }
  }

  each<R>(call: (partition: Partition<T>) => Promise<R>): Promise<R[]> {
    return Promise.all(this.all.map(call))
  }
}

function mannerOf({
  delay = 0,
  priority = 0,
  wait = 0,
  dedupKey,
  dedupWindow = defaultWindow,
}: RedisPutOptions): PutManner {
  const dedup = dedupKey === undefined ? undefined : { key: dedupKey, window: dedupWindow }
  return { delay, priority, replicas: wait, dedup }
}
