import { RedisConnection } from './connection.ts'
import { longestWait } from './producer.ts'
import type { RedisSource } from './source.ts'
import { longestBlock } from './taker.ts'

/** The connections of a queue, each for what would hold up the others. */
export class QueueConnections {
  readonly connection: RedisConnection
  readonly blockingConnection: RedisConnection
  #waitingConnection: RedisConnection | undefined

  /** @throws TypeError for a bad source */
  constructor(source: RedisSource) {
    this.connection = new RedisConnection(source, { isDurable: true })
    this.blockingConnection = this.connection.duplicate(longestBlock)
  }

  /** That of puts which wait for replicas; most queues need none. */
  readonly waitingConnection = (): RedisConnection => {
    this.#waitingConnection ??= this.connection.duplicate(longestWait)
    return this.#waitingConnection
  }

  /** Waits until the work has ended, and for the answers to what was sent on the first; 5 s at most. */
  async close(work: Promise<unknown>): Promise<void> {
    await this.connection.close(work)
    await Promise.all([this.blockingConnection.abandon(), this.#waitingConnection?.abandon()])
  }
}
