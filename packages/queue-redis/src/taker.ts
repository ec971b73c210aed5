import { randomBytes } from 'node:crypto'
import type { Delivery, WaitOptions } from '@fosen/queue'
import type { RedisConnection } from './connection.ts'
import type { QueueKeys } from './keys.ts'
import type { Leases } from './leases.ts'
import { Pause } from './pause.ts'
import { Script } from './script.ts'
import { Waiters } from './waiters.ts'

const take = new Script('take')

/** As many messages as the script takes. */
const mostPerTake = 1_000
/** How often those who wait ask for what does not wake them, in milliseconds: what others made hot, retried or delayed. */
const interval = 500
/** How long a BLMOVE waits, in seconds. */
const blocking = 1

/**
 * Takes messages for those who wait, in one loop that runs while somebody does.
 *
 * On an empty queue a BLMOVE waits on a connection of its own; what it moves is hot, and the loop, woken, takes it. It may
 * outlast those who wait: then it undoes what it moved, so that others are woken.
 */
export class Taker<T> {
  readonly #connection: RedisConnection
  readonly #blockingConnection: RedisConnection
  readonly #keys: QueueKeys
  readonly #leases: Leases<T>
  readonly #lease: number
  readonly #waiters = new Waiters<number, Delivery<T>[]>('no message came')
  readonly #pause = new Pause()
  readonly #consumer = randomBytes(8)
  #requests = 0
  #loop: Promise<void> | undefined
  #isBlocking = false
  #isClosed = false
  #isWoken = false

  constructor(connection: RedisConnection, keys: QueueKeys, leases: Leases<T>, lease: number) {
    this.#connection = connection
    this.#blockingConnection = connection.duplicate(blocking * 1_000)
    this.#keys = keys
    this.#leases = leases
    this.#lease = lease
  }

  take(max: number, options: WaitOptions): Promise<Delivery<T>[]> {
    const deliveries = this.#waiters.wait(max, options)
    if (this.#loop === undefined) this.#loop = this.#run()
    else this.wake()
    return deliveries
  }

  /** Asks again, since there may be something. */
  wake() {
    this.#isWoken = true
    this.#pause.wake()
  }

  /** Ends every wait with the error; resolves when what was under way has been given back. */
  async close(error: Error) {
    this.#isClosed = true
    this.#waiters.rejectAll(error)
    this.wake()
    await this.#loop
  }

  /** Drops the connection that waits: what it moves is hot. */
  disconnect() {
    return this.#blockingConnection.abandon()
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      try {
        this.#isWoken = false
        const question = this.#waiters.ask()
        const due = await this.#ask()
        if (due === undefined) continue
        question.thereIsNothing()
        if (this.#waiters.isEmpty || this.#isWoken) continue
        this.#block()
        await this.#pause.wait(due < 0 ? interval : Math.min(due, interval))
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
    }
    this.#loop = undefined
  }

  /** Takes what is there and hands it out. When there is nothing: the milliseconds until something is due, or -1. */
  async #ask(): Promise<number | undefined> {
    const max = this.#wanted()
    const request = this.#nextRequest()
    const { ready, hot, leased, leases, delayed } = this.#keys
    const reply = await take.run(this.#connection, [ready, hot, leased, leases, delayed], [request, max, this.#lease])
    const [due, ...envelopes] = reply as [number, ...Buffer[]]
    if (envelopes.length === 0) return Number(due)
    const first = max - envelopes.length + 1
    this.#handOut(envelopes.map((envelope, index) => [tokenOf(request, first + index), envelope]))
    return undefined
  }

  #wanted(): number {
    let wanted = 0
    for (const max of this.#waiters.wants()) {
      wanted += max
      if (wanted >= mostPerTake) return mostPerTake
    }
    return wanted
  }

  #nextRequest(): Buffer {
    const request = Buffer.alloc(14)
    this.#consumer.copy(request)
    request.writeUIntBE(this.#requests++, 8, 6)
    return request
  }

  #handOut(messages: [token: Buffer, envelope: Buffer][]) {
    let index = 0
    for (const max of this.#waiters.wants()) {
      const deliveries: Delivery<T>[] = []
      for (; deliveries.length < max && index < messages.length; index++) {
        const delivery = this.#leases.deliver(...(messages[index] as [Buffer, Buffer]))
        if (delivery !== undefined) deliveries.push(delivery)
      }
      if (deliveries.length === 0) return
      this.#waiters.resolveFirst(deliveries)
    }
    // The last to go back is the first to be taken again.
    for (const [token] of messages.slice(index).reverse()) this.#leases.giveBack(token)
  }

  #block() {
    if (this.#isBlocking) return
    this.#isBlocking = true
    const { ready, hot } = this.#keys
    const moving = this.#blockingConnection.send(client => client.blmoveBuffer(ready, hot, 'RIGHT', 'LEFT', blocking))
    moving.then(this.#onMoved, this.#onNotMoved)
  }

  readonly #onMoved = (element: Buffer | null) => {
    this.#isBlocking = false
    if (!this.#waiters.isEmpty) {
      if (element === null) this.#block()
      else this.wake()
    } else if (element !== null) {
      const { ready, hot } = this.#keys
      // Any hot message will do: what counts is that whoever waits at q is woken.
      this.#connection.send(client => client.lmoveBuffer(hot, ready, 'LEFT', 'RIGHT')).catch(() => {})
    }
  }

  readonly #onNotMoved = (error: Error) => {
    this.#isBlocking = false
    // Out of memory, Redis still takes, but does not move: the loop goes on asking.
    if (this.#isClosed || error.message.startsWith('OOM ')) return
    this.#waiters.rejectAll(error)
    this.wake()
  }
}

function tokenOf(request: Buffer, number: number): Buffer {
  const token = Buffer.alloc(16)
  request.copy(token)
  token.writeUInt16BE(number, 14)
  return token
}
