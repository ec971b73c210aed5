import { type Codec, LeaseLostError } from '@fosen/queue'
import { Batch } from './batch.ts'
import { open } from './envelope.ts'
import { MessageCancelledError } from './errors.ts'
import { type HeartbeatClient, heartbeat } from './heartbeat/heartbeat.ts'
import { LeaseTable, processTime } from './heartbeat/lease-table.ts'
import { type Connect, threadSource } from './heartbeat/thread-source.ts'
import { unpackStrings } from './packed-strings.ts'
import { RedisDelivery } from './redis-delivery.ts'
import type { Settlements } from './settlements.ts'
import type { RedisSource } from './source.ts'
import { Tokens } from './token.ts'

export interface HeldBatchesOptions<T> {
  readonly name: string
  readonly source: RedisSource
  readonly connect: Connect | undefined
  readonly keys: { readonly leases: string; readonly cancelled: string }
  readonly codec: Codec<T>
  readonly lease: number
  readonly maxLease: number
  readonly settlements: () => Settlements<T>
}

interface Held<T> {
  readonly batch: Batch<T>
  readonly number: number
  readonly slot: number
}

/** The batches that this consumer holds. The heartbeat extends their leases until Redis has what became of them. */
export class HeldBatches<T> {
  readonly #options: HeldBatchesOptions<T>
  readonly #table = new LeaseTable()
  readonly #tokens = new Tokens()
  readonly #held = new Map<string, Held<T>>()
  readonly #cancelled = new Set<string>()
  #heartbeat: number | undefined
  #lastBeat: number | undefined
  #failure: string | undefined

  constructor(options: HeldBatchesOptions<T>) {
    this.#options = options
  }

  /** How many milliseconds ago the heartbeat reached Redis; undefined while it has not yet. */
  get sinceBeat(): number | undefined {
    return this.#lastBeat === undefined ? undefined : performance.now() - this.#lastBeat
  }

  /** A token for the next batch. Before the first, the heartbeat is started. */
  nextToken(): { number: number; token: string } {
    this.#heartbeat ??= heartbeat.open(this.#client())
    const number = this.#tokens.next()
    return { number, token: this.#tokens.token(number) }
  }

  /** A batch that was taken. Messages that the codec cannot decode are refused, and not among its deliveries. */
  hold(number: number, packed: Buffer): Batch<T> {
    const { codec, maxLease, settlements } = this.#options
    const token = this.#tokens.token(number)
    const elements = unpackStrings(packed)
    const batch = new Batch<T>(token, elements.length, settlements())
    const { slot, hasGrown } = this.#table.add(number, processTime() + maxLease)
    this.#held.set(token, { batch, number, slot })
    if (hasGrown && this.#heartbeat !== undefined) heartbeat.update(this.#heartbeat)
    for (const [index, element] of elements.entries()) {
      try {
        const envelope = open(element, token, index)
        batch.deliveries.push(new RedisDelivery(batch, index, envelope, codec.decode(envelope.payload)))
      } catch (error) {
        batch.refuse(index, error).catch(this.#warn)
      }
    }
    return batch
  }

  /** @param ms for how long the lease is extended while the event loop does not answer */
  limit(batch: Batch<T>, ms: number): void {
    const held = this.#held.get(batch.token)
    if (held !== undefined) this.#table.limit(held.slot, ms)
  }

  /** Redis has what became of the batch, or its lease was lost: nothing extends it. */
  end(batch: Batch<T>, isLost: boolean): void {
    const held = this.#held.get(batch.token)
    if (held === undefined) return
    this.#held.delete(batch.token)
    this.#table.remove(held.slot)
    if (isLost) batch.lose(new LeaseLostError(`the lease of ${batch.token} is no longer this consumer's`))
    if (this.#cancelled.size > 0) for (const { id } of batch.deliveries) this.#cancelled.delete(id)
  }

  isCancelled(id: string): boolean {
    return this.#cancelled.has(id)
  }

  /** No lease is extended any longer. */
  async close(): Promise<void> {
    for (const { slot } of this.#held.values()) this.#table.remove(slot)
    this.#held.clear()
    if (this.#heartbeat !== undefined) await heartbeat.close(this.#heartbeat)
  }

  #client(): HeartbeatClient {
    const { source, connect, keys, lease } = this.#options
    const table = this.#table
    return {
      opened: {
        source: threadSource(source, connect),
        keys: [keys.leases, keys.cancelled],
        lease,
        prefix: this.#tokens.prefix,
      },
      get table() {
        return table.buffer
      },
      onLost: numbers => {
        for (const number of numbers) {
          const held = this.#held.get(this.#tokens.token(number))
          // One that is settled was just told, or will be: the answer says whether it was in time.
          if (held !== undefined && !held.batch.isSettled) this.end(held.batch, true)
        }
      },
      onCancelled: ids => this.#cancel(new Set(ids)),
      onBeat: () => {
        this.#lastBeat = performance.now()
        this.#failure = undefined
      },
      onFailure: message => {
        if (message === this.#failure) return
        this.#failure = message
        this.#warn(new Error(`leases could not be extended: ${message}`))
      },
    }
  }

  #cancel(ids: ReadonlySet<string>) {
    for (const { batch } of this.#held.values()) {
      for (const delivery of batch.deliveries) {
        if (!ids.has(delivery.id) || delivery.outcome !== undefined || this.#cancelled.has(delivery.id)) continue
        this.#cancelled.add(delivery.id)
        delivery.abort(new MessageCancelledError(`message ${delivery.id} was cancelled`))
      }
    }
  }

  /** Of what nobody waits for, the failure is told in a warning; what it leaves undone, the end of the lease does. */
  readonly #warn = (error: unknown) => {
    process.emitWarning(`the queue ${this.#options.name} goes on after: ${error}`, 'RedisQueueWarning')
  }
}
