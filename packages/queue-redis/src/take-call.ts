import type { Batch } from './batch.ts'
import type { RedisConnection } from './connection.ts'
import type { HeldBatches } from './held-batches.ts'
import type { QueueKeys } from './keys.ts'
import { type Argument, Script } from './script.ts'
import type { Settlements } from './settlements.ts'

const take = new Script('take')
const beat = new Script('beat')

/** As many messages as the script takes. */
const mostPerTake = 1_000

/** A batch; or there is none, and then milliseconds until something is due, -1 for never, or why there is none. */
export type Taken<T> = Batch<T> | number

/** There is none, whatever is there: the queue is paused. */
export function isPaused(wait: number): boolean {
  return wait === -2
}

/** There is none, whatever is there: the queue is paused, or another has messages of the partition in flight. */
export function isWithheld(wait: number): boolean {
  return wait < -1
}

export interface TakeCallOptions<T> {
  readonly connection: RedisConnection
  readonly blockingConnection: RedisConnection
  readonly keys: QueueKeys
  readonly lease: number
  readonly held: HeldBatches<T>
  readonly settlements: Settlements<T>
}

/** Calls the script that takes. */
export class TakeCall<T> {
  readonly #options: TakeCallOptions<T>
  readonly #keys: readonly string[]
  #blockingClient: Promise<number | undefined> | undefined

  constructor(options: TakeCallOptions<T>) {
    const { ready, hot, leased, leases, delayed, meta, cancelled, levels } = options.keys
    this.#options = options
    this.#keys = [ready, hot, leased, leases, delayed, meta, cancelled, ...levels]
  }

  /**
   * Takes what is there, and tells which batches are done.
   *
   * @param owner who takes from a partition
   */
  async take(max: number, owner = ''): Promise<Taken<T>> {
    const { connection, settlements } = this.#options
    const { args, ...request } = this.#request(max, owner)
    const done = settlements.takeDone()
    for (const { token } of done) args.push(token)
    let reply: Reply
    try {
      reply = (await take.run(connection, this.#keys, args)) as Reply
    } catch (error) {
      for (const batch of done) settlements.untold(batch)
      throw error
    }
    const lost = new Set(reply[2].map(Number))
    for (const [position, batch] of done.entries()) settlements.told(batch, !lost.has(position))
    return this.#taken(request, reply)
  }

  /**
   * Waits until something comes into the queue, and takes. The two go out together: one round trip from a put to here.
   *
   * @returns what it took, and what refused the wait if something did
   */
  async wait(max: number, ms: number): Promise<{ taken: Taken<T>; refusal: Error | undefined }> {
    const { keys, blockingConnection } = this.#options
    const { args, ...request } = this.#request(max, '')
    const [moved, taken] = await blockingConnection.send(async client => {
      this.#blockingClient = client.isCluster ? undefined : client.client('ID').catch(() => undefined)
      const moving = client.blmoveBuffer(keys.ready, keys.hot, 'RIGHT', 'LEFT', ms / 1_000)
      return Promise.allSettled([moving, take.send(client, this.#keys, args)])
    })
    if (taken.status === 'rejected') throw taken.reason
    const refusal = moved.status === 'rejected' ? (moved.reason as Error) : undefined
    return { taken: await this.#taken(request, taken.value as Reply), refusal }
  }

  /** Says for how long those who got the batch are busy with a message at most, in milliseconds. */
  limit(batch: Batch<T>, ms: number): void {
    this.#options.held.limit(batch, ms)
  }

  /** Ends the wait, as if its time were over. On a Cluster it takes that time. */
  async unblock(): Promise<void> {
    const id = await this.#blockingClient
    if (id !== undefined) await this.#options.connection.send(client => client.client('UNBLOCK', id))
  }

  #request(max: number, owner: string): Request & { args: Argument[] } {
    const { held, lease } = this.#options
    const { number, token } = held.nextToken()
    return { number, token, sent: performance.now(), args: [token, Math.min(max, mostPerTake), lease, owner] }
  }

  async #taken({ number, token, sent }: Request, [wait, packed]: Reply): Promise<Taken<T>> {
    if (packed === null) return Number(wait)
    const { held, lease } = this.#options
    // The event loop may have been busy for long, or the connection lost: others may have the messages.
    const isLate = performance.now() - sent > lease / 2
    return isLate && !(await this.#isHeld(token)) ? 0 : held.hold(number, packed)
  }

  /** Whether the lease is not lost. If so, it begins anew. */
  async #isHeld(token: string): Promise<boolean> {
    const { connection, keys, lease } = this.#options
    const [lost] = (await beat.run(connection, [keys.leases, keys.cancelled], [lease, 1, token])) as [
      unknown[],
      unknown,
    ]
    return lost.length === 0
  }
}

interface Request {
  readonly number: number
  readonly token: string
  /** When, in the milliseconds of `performance`. */
  readonly sent: number
}

type Reply = [wait: number, packed: Buffer | null, lost: number[]]
