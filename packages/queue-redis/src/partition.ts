import type { Codec, QueueStats } from '@fosen/queue'
import type { RedisConnection } from './connection.ts'
import type { Connect } from './heartbeat/thread-source.ts'
import { HeldBatches } from './held-batches.ts'
import { type QueueKeys, queueKeys } from './keys.ts'
import type { PutManner } from './pending-put.ts'
import { Producer } from './producer.ts'
import type { QueueConnections } from './queue-connections.ts'
import { Script } from './script.ts'
import { Settlements } from './settlements.ts'
import type { RedisSource } from './source.ts'
import { TakeCall } from './take-call.ts'

const stats = new Script('stats')
const resume = new Script('resume')
const cancel = new Script('cancel')

/** How long it is known that a message was cancelled, in milliseconds. */
const cancelledFor = 86_400_000
/** A message that is cancelled is looked for among so many delayed ones. */
const mostDelayed = 10_000

export interface PartitionOptions<T> {
  readonly connections: QueueConnections
  readonly source: RedisSource
  readonly connect: Connect | undefined
  readonly codec: Codec<T>
  readonly lease: number
  readonly maxLease: number
  readonly capacity: number
}

/** What has one set of keys: a queue, or each of its partitions. */
export class Partition<T> {
  readonly keys: QueueKeys
  readonly #producer: Producer
  /** That of puts that wait for replicas: there may be none, and the others go on. */
  readonly #waitingProducer: Producer
  readonly take: TakeCall<T>
  readonly held: HeldBatches<T>
  readonly settlements: Settlements<T>
  readonly #connection: RedisConnection

  constructor(name: string, options: PartitionOptions<T>) {
    const { connection, blockingConnection, waitingConnection } = options.connections
    const keys = queueKeys(name)
    this.keys = keys
    this.#connection = connection
    const { capacity, lease } = options
    this.#producer = new Producer({ connection, waitingConnection, keys, capacity })
    this.#waitingProducer = new Producer({ connection, waitingConnection, keys, capacity })
    this.held = new HeldBatches<T>({ ...options, name, keys, settlements: () => this.settlements })
    this.settlements = new Settlements<T>({
      connection,
      keys,
      isCancelled: id => this.held.isCancelled(id),
      onEnd: (batch, isLost) => this.held.end(batch, isLost),
    })
    const { held, settlements } = this
    this.take = new TakeCall({ connection, blockingConnection, keys, lease, held, settlements })
  }

  /** @returns the ids, as `Producer.put` */
  put(envelopes: readonly Buffer[], manner: PutManner, signal: AbortSignal | undefined): Promise<string[]> {
    return (manner.replicas > 0 ? this.#waitingProducer : this.#producer).put(envelopes, manner, signal)
  }

  /** Refuses puts that wait, with the error; resolves when what is on its way has its answer. */
  async closeProducers(error: Error): Promise<void> {
    await Promise.all([this.#producer.close(error), this.#waitingProducer.close(error)])
  }

  async stats(): Promise<QueueStats> {
    const { ready, hot, leased, leases, delayed, dead, meta, levels } = this.keys
    const keys = [ready, hot, leased, leases, delayed, dead, meta, ...levels]
    const counts = ((await stats.run(this.#connection, keys, [])) as unknown[]).map(Number)
    const [readyCount, delayedCount, inFlight, deadCount, age, paused] = counts as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    return {
      ready: readyCount,
      delayed: delayedCount,
      inFlight,
      dead: deadCount,
      oldestAge: age < 0 ? undefined : age,
      paused: paused === 1,
    }
  }

  async pause(): Promise<void> {
    await this.#connection.send(client => client.hset(this.keys.meta, 'paused', 1))
  }

  async resume(): Promise<void> {
    await resume.run(this.#connection, [this.keys.ready, this.keys.meta], [])
  }

  async cancel(id: string): Promise<void> {
    const { cancelled, delayed } = this.keys
    await cancel.run(this.#connection, [cancelled, delayed], [Buffer.from(id, 'hex'), cancelledFor, mostDelayed])
  }

  async clear(): Promise<void> {
    const { levels, ...keys } = this.keys
    await this.#connection.send(client => client.unlink([...Object.values(keys), ...levels]))
  }
}
