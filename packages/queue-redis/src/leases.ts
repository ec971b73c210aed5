import { type Delivery, describeError, type Settlement } from '@fosen/queue'
import type { Codec } from './codec.ts'
import type { RedisConnection } from './connection.ts'
import { open } from './envelope.ts'
import type { QueueKeys } from './keys.ts'
import { Lease } from './lease.ts'
import { type Argument, Script } from './script.ts'

const settle = new Script('settle')
const beat = new Script('beat')

/** As many tokens as the script takes. */
const tokensPerBeat = 1_000
/** Leases are extended three times before they would run out, and once a minute at least. */
const longestInterval = 60_000

/** The messages that this consumer holds: it extends their leases until they are settled. */
export class Leases<T> {
  readonly #connection: RedisConnection
  readonly #keys: QueueKeys
  readonly #codec: Codec<T>
  readonly #duration: number
  readonly #onComeBack: () => void
  readonly #held = new Set<Lease<T>>()
  #heartbeat: NodeJS.Timeout | undefined
  #isBeating = false
  #closedBy: Error | undefined

  /**
   * @param duration of a lease, in milliseconds
   * @param onComeBack is called when a message was put back into the queue, to come at once or later
   */
  constructor(connection: RedisConnection, keys: QueueKeys, codec: Codec<T>, duration: number, onComeBack: () => void) {
    this.#connection = connection
    this.#keys = keys
    this.#codec = codec
    this.#duration = duration
    this.#onComeBack = onComeBack
  }

  /** The delivery of a leased message. One that the codec cannot decode is a dead letter, and undefined here. */
  deliver(token: Buffer, element: Buffer): Delivery<T> | undefined {
    const envelope = open(element)
    let value: T
    try {
      value = this.#codec.decode(envelope.payload)
    } catch (error) {
      this.#end(token, 'refuse', ...textOf(error)).catch(this.#warn)
      return undefined
    }
    const lease = new Lease(envelope, value, token, this.#settle)
    this.#held.add(lease)
    this.#heartbeat ??= setInterval(this.#beat, Math.min(this.#duration / 3, longestInterval)).unref()
    return lease
  }

  /** A leased message that nobody wants goes back, as if it had never been taken. */
  giveBack(token: Buffer) {
    this.#end(token, 'return').catch(this.#warn)
  }

  /** No lease is extended any longer, and whoever settles a delivery from now on gets this error. */
  close(error: Error) {
    this.#closedBy = error
    clearInterval(this.#heartbeat)
  }

  readonly #settle = (lease: Lease<T>, settlement: Settlement): boolean | Promise<boolean> => {
    if (this.#closedBy !== undefined) throw this.#closedBy
    // One that is lost is not held.
    if (!this.#held.delete(lease)) return false
    switch (settlement.type) {
      case 'ack':
        return this.#end(lease.token, 'ack')
      case 'retry':
        return this.#end(lease.token, 'retry', settlement.delay).finally(this.#onComeBack)
      case 'bury':
        return this.#end(lease.token, 'bury', ...textOf(settlement.error))
      case 'release':
        return this.#end(lease.token, 'return').finally(this.#onComeBack)
    }
  }

  async #end(token: Buffer, action: string, ...args: Argument[]): Promise<boolean> {
    const { hot, leased, leases, delayed, dead } = this.#keys
    const keys = [hot, leased, leases, delayed, dead]
    return Number(await settle.run(this.#connection, keys, [token, action, ...args])) === 1
  }

  readonly #beat = async () => {
    // While the connection is being restored, the last beat waits for it.
    if (this.#isBeating) return
    this.#isBeating = true
    try {
      const held = [...this.#held]
      for (let first = 0; first < held.length; first += tokensPerBeat) {
        await this.#extend(held.slice(first, first + tokensPerBeat))
      }
    } catch (error) {
      this.#warn(error)
    } finally {
      this.#isBeating = false
    }
  }

  async #extend(leases: readonly Lease<T>[]) {
    const tokens = leases.map(({ token }) => token)
    const lost = await beat.run(this.#connection, [this.#keys.leases], [this.#duration, ...tokens])
    for (const position of lost as number[]) {
      const lease = leases[Number(position)]
      // What was settled meanwhile is not lost.
      if (lease !== undefined && this.#held.delete(lease)) lease.lose()
    }
  }

  /** Of what nobody waits for, the failure is told in a warning; what it leaves undone, the end of the lease does. */
  readonly #warn = (error: unknown) => {
    if (this.#closedBy !== undefined) return
    process.emitWarning(`the queue ${this.#keys.ready} goes on after: ${error}`, 'RedisQueueWarning')
  }
}

function textOf(error: unknown): string[] {
  const described = describeError(error)
  return described === undefined ? [] : [described.name, described.message]
}
