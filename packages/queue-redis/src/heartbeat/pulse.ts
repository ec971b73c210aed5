import type { MessagePort } from 'node:worker_threads'
import { portable } from '@fosen/thread-async'
import { RedisConnection } from '../connection.ts'
import { LossWatch } from '../loss-watch.ts'
import { Script } from '../script.ts'
import { Tokens } from '../token.ts'
import { heldTokens, processTime } from './lease-table.ts'
import type { FromHeartbeat, ToHeartbeat } from './messages.ts'
import { openSource } from './thread-source.ts'

const beat = new Script('beat')

/** Leases are extended three times before they would run out, and once in so many milliseconds at least. */
const longestInterval = 1_000
/** As many tokens as the script takes. */
const mostPerBeat = 1_000
/** How often the consumers' thread is asked whether it is there, in milliseconds, and how often in vain until that is told. */
const pingInterval = 1_000
const mostUnanswered = 10

type Opened = Extract<ToHeartbeat, { type: 'open' }>

/** What the heartbeat's thread runs: it extends the leases of the queues that the port tells of, until it is told to end. */
export const pulse = portable(import.meta, async function pulse(port: MessagePort) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const queues = new Map<number, QueuePulse>()
  const connections = new Connections()
  const post = (message: FromHeartbeat) => port.postMessage(message)
  const presence = new Presence(post, () => queues.values().some(queue => queue.holds))
  port.on('message', (message: ToHeartbeat) => {
    switch (message.type) {
      case 'open':
        queues.set(message.queue, new QueuePulse(message, connections, presence, post))
        break
      case 'table':
        queues.get(message.queue)?.use(message.table)
        break
      case 'close':
        queues.get(message.queue)?.close()
        queues.delete(message.queue)
        break
      case 'pong':
        presence.confirm()
        break
      case 'end':
        resolve()
    }
  })
  port.on('close', resolve)
  await promise
  presence.close()
  for (const queue of queues.values()) queue.close()
  await connections.close()
  port.unref()
})

/** One connection for all queues that have the same source. */
class Connections {
  readonly #connections = new Map<string, Promise<RedisConnection>>()

  to(source: Opened['source']): Promise<RedisConnection> {
    const key = JSON.stringify(source)
    let connection = this.#connections.get(key)
    if (connection === undefined) {
      connection = openConnection(source)
      connection.catch(() => this.#connections.delete(key))
      this.#connections.set(key, connection)
    }
    return connection
  }

  async close() {
    for (const opening of this.#connections.values()) {
      const connection = await opening.catch(() => undefined)
      await connection?.abandon()
    }
  }
}

async function openConnection(source: Opened['source']): Promise<RedisConnection> {
  const connection = new RedisConnection(await openSource(source), { found: new SilentWatch('') })
  // As one for commands that block, it is replaced after 5 s without an answer, before leases run out.
  return 'connect' in source ? connection : connection.duplicate(0)
}

/** Extends the leases that one queue holds. */
class QueuePulse {
  readonly #opened: Opened
  readonly #connections: Connections
  readonly #presence: Presence
  readonly #post: (message: FromHeartbeat) => void
  readonly #tokens: Tokens
  readonly #timer: NodeJS.Timeout
  #table: SharedArrayBuffer
  #isBeating = false
  #isClosed = false

  constructor(opened: Opened, connections: Connections, presence: Presence, post: (message: FromHeartbeat) => void) {
    this.#opened = opened
    this.#connections = connections
    this.#presence = presence
    this.#post = post
    this.#tokens = new Tokens(opened.prefix)
    this.#table = opened.table
    this.#timer = setInterval(this.#beat, Math.min(opened.lease / 3, longestInterval))
  }

  get holds(): boolean {
    const { extended, watched } = this.#tokensHeld()
    return extended.length + watched.length > 0
  }

  use(table: SharedArrayBuffer) {
    this.#table = table
  }

  close() {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  readonly #beat = async () => {
    // While the connection is being restored, the last beat waits for it.
    if (this.#isBeating) return
    this.#isBeating = true
    const { queue } = this.#opened
    try {
      const { extended, watched } = this.#tokensHeld()
      for (let first = 0; first < extended.length; first += mostPerBeat) {
        await this.#beatFor(extended.slice(first, first + mostPerBeat), mostPerBeat)
      }
      for (let first = 0; first < watched.length; first += mostPerBeat) {
        await this.#beatFor(watched.slice(first, first + mostPerBeat), 0)
      }
      if (!this.#isClosed) this.#post({ type: 'beat', queue })
    } catch (error) {
      if (!this.#isClosed) this.#post({ type: 'failed', queue, message: (error as Error).message })
    } finally {
      this.#isBeating = false
    }
  }

  #tokensHeld() {
    return heldTokens(this.#table, processTime(), this.#presence.silence)
  }

  async #beatFor(numbers: readonly number[], extended: number) {
    const { queue, source, keys, lease } = this.#opened
    const connection = await this.#connections.to(source)
    const tokens = numbers.map(number => this.#tokens.token(number))
    const [lost, cancelled] = (await beat.run(connection, keys, [lease, extended, ...tokens])) as [number[], Buffer[]]
    if (lost.length > 0) {
      this.#post({ type: 'lost', queue, numbers: lost.map(at => numbers[Number(at)] as number) })
    }
    if (cancelled.length > 0) this.#post({ type: 'cancelled', queue, ids: cancelled.map(id => id.toString('hex')) })
  }
}

/** Tells when the thread of the consumers, which hold leases, does not answer. */
class Presence {
  readonly #post: (message: FromHeartbeat) => void
  readonly #isNeeded: () => boolean
  readonly #timer: NodeJS.Timeout
  #unanswered = 0

  constructor(post: (message: FromHeartbeat) => void, isNeeded: () => boolean) {
    this.#post = post
    this.#isNeeded = isNeeded
    this.#timer = setInterval(this.#ask, pingInterval)
  }

  /** For how many milliseconds at least that thread has not answered. */
  get silence(): number {
    return Math.max(0, this.#unanswered - 1) * pingInterval
  }

  confirm() {
    if (this.#unanswered > mostUnanswered) console.error('(fosen) the event loop of the consumers answers again')
    this.#unanswered = 0
  }

  close() {
    clearInterval(this.#timer)
  }

  // Asks are counted, not seconds: a process that was stopped as a whole is no event loop that hangs.
  readonly #ask = () => {
    if (this.#unanswered === 0 && !this.#isNeeded()) return
    this.#unanswered++
    if (this.#unanswered === mostUnanswered + 1) {
      const seconds = (mostUnanswered * pingInterval) / 1_000
      console.error(
        `(fosen) the event loop of process ${process.pid} has not answered for ${seconds} s, and holds messages: ` +
          'their leases are extended until the timeout and grace of their consumer, or maxLease, are over',
      )
    }
    this.#post({ type: 'ping' })
  }
}

/** Connections of the queues tell when the server is lost. */
class SilentWatch extends LossWatch {
  override lost() {}
  override restored() {}
  override closed() {}
}
