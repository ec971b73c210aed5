import { systemClock } from '@fosen/queue'
import { Redis, type RedisOptions } from 'ioredis'
import { RedisConnectionError, RedisVersionError } from './errors.ts'
import { LossWatch } from './loss-watch.ts'
import { checkSource, type RedisSource } from './source.ts'

/** How long a connection may take to be made, the first one until it answers; in milliseconds. */
const connectTimeout = 3_000
/** How long a connection that is closed lets the other side finish, in milliseconds. */
const disconnectTimeout = 200
/** How long commands may take to be answered when the connection is closed, in milliseconds. */
const drainTimeout = 5_000
/** How long the server may be silent while it owes an answer before the connection counts as dead, in milliseconds. */
const socketTimeout = 30_000
/** The same for a connection whose commands block; above every time that they block. */
const blockingSocketTimeout = 5_000

/**
 * A connection to Redis that is made when it is first needed.
 *
 * Until it has stood once, what fails is told at once, and the next call tries again. From then on it restores itself, and
 * a loss of more than a second is told in a process warning.
 */
export class RedisConnection {
  readonly #client: Redis
  readonly #owned: boolean
  readonly #leastVersion: number
  readonly #watch: LossWatch
  readonly #pending = new Set<(error: Error) => void>()
  #hasStood: boolean
  #opened = false
  #opening: Promise<void> | undefined
  #lastError: Error | undefined
  /** What refused the database of the connection that is being made. */
  #refusal: Error | undefined
  #onDrained: (() => void) | undefined

  /**
   * @param leastVersion the first version of Redis that will do
   * @param found is there when another connection has found the server: this one waits for it from the beginning, and tells
   * a loss together with that one
   * @throws TypeError for a bad source, or one with a keyPrefix
   */
  constructor(source: RedisSource, leastVersion = 0, found?: LossWatch) {
    const { url, redis, client } = checkSource(source)
    this.#leastVersion = leastVersion
    this.#hasStood = found !== undefined
    this.#owned = client === undefined
    const defaults = { connectTimeout, disconnectTimeout, socketTimeout, maxRetriesPerRequest: null }
    this.#client = client ?? this.#create(url, { ...defaults, ...redis })
    const { keyPrefix } = this.#client.options
    if (keyPrefix) {
      throw new TypeError(`keyPrefix does not reach the keys of scripts: put '${keyPrefix}' before the name instead`)
    }
    this.#watch = found ?? new LossWatch(this.#address)
  }

  /** A connection of its own to the same server, for commands that block. It waits for the server, as this one has found it. */
  duplicate(): RedisConnection {
    const redis: RedisOptions = {
      ...this.#client.options,
      disconnectTimeout,
      maxRetriesPerRequest: null,
      socketTimeout: blockingSocketTimeout,
      commandTimeout: undefined,
      enableAutoPipelining: false,
      enableOfflineQueue: true,
    }
    return new RedisConnection({ redis }, 0, this.#watch)
  }

  /**
   * Sends a command, and gives its answer.
   *
   * @throws RedisConnectionError when the connection has never stood and cannot be made, or was closed meanwhile
   */
  async send<R>(command: (client: Redis) => Promise<R>): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>()
    this.#pending.add(reject)
    this.#send(command).then(resolve, reject)
    try {
      return await promise
    } finally {
      this.#pending.delete(reject)
      if (this.#pending.size === 0) this.#onDrained?.()
    }
  }

  /** Waits for the answers to what was sent, and before for what will still send; 5 s at most. Then as `abandon`. */
  async close(senders: Promise<unknown> = Promise.resolve()) {
    const { promise, resolve } = Promise.withResolvers<void>()
    using _ = systemClock.after(drainTimeout, resolve)
    await Promise.race([promise, senders.then(() => this.#drained())])
    await this.abandon()
  }

  /** Closes without waiting for answers. A client of the caller is left as it is. */
  async abandon() {
    if (this.#owned) await this.#disconnect()
    for (const reject of this.#pending) {
      reject(new RedisConnectionError(`the connection to ${this.#address} was closed before the answer came`))
    }
  }

  async #send<R>(command: (client: Redis) => Promise<R>) {
    if (!this.#opened) await this.#open()
    return command(this.#client)
  }

  #open(): Promise<void> {
    const open = async () => {
      if (this.#owned && !this.#hasStood) await this.#connect()
      if (this.#leastVersion > 0) await this.#checkVersion()
      this.#opened = true
    }
    this.#opening ??= open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect() {
    const { connectTimeout: limit = connectTimeout } = this.#client.options
    this.#lastError = undefined
    // ioredis limits the time until the socket stands, but not until what is there answers.
    using _ = systemClock.after(limit, () => {
      this.#lastError = new Error(`no answer within ${limit} ms`)
      this.#client.disconnect()
    })
    try {
      await this.#client.connect()
      if (this.#refusal !== undefined) throw this.#refusal
    } catch (error) {
      const cause = this.#refusal ?? this.#lastError ?? (error as Error)
      throw new RedisConnectionError(`cannot reach Redis at ${this.#address}: ${messageOf(cause)}`, { cause })
    }
  }

  async #checkVersion() {
    const info = await this.#client.info('server').catch(error => {
      // A server that does not let INFO through is let through.
      if (String(error.message).startsWith('NOPERM')) return ''
      throw error
    })
    const version = /^redis_version:(\S+)/m.exec(info)?.[1]
    if (version !== undefined && Number.parseInt(version, 10) < this.#leastVersion) {
      throw new RedisVersionError(`Redis ${this.#leastVersion} or later is needed, and ${this.#address} is ${version}`)
    }
  }

  #create(url: string | undefined, options: RedisOptions): Redis {
    const later = options.retryStrategy ?? cappedBackoff
    const settings = {
      ...options,
      lazyConnect: true,
      replyMapping: 'legacy' as const,
      retryStrategy: (attempt: number) => (this.#hasStood ? later(attempt) : null),
    }
    const client = url === undefined ? new Redis(settings) : new Redis(url, settings)
    client.on('connect', () => {
      this.#refusal = undefined
    })
    client.on('ready', () => {
      if (this.#refusal !== undefined) return
      this.#hasStood = true
      this.#watch.restored(this)
    })
    client.on('close', () => {
      if (this.#hasStood) this.#watch.lost(this, () => messageOf(this.#lastError ?? new Error('it was closed')))
    })
    client.on('end', () => this.#watch.closed(this))
    client.on('error', (error: Error & { command?: { name: string } }) => {
      const name = error.command?.name
      // What refuses a password has the command that was refused, password and all.
      delete error.command
      this.#lastError = error
      if (name !== 'select') return
      // ioredis would go on with database 0.
      this.#refusal = error
      client.disconnect(this.#hasStood)
    })
    return client
  }

  async #drained() {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onDrained = resolve
    if (this.#pending.size > 0) await promise
  }

  async #disconnect() {
    const client = this.#client
    const { status } = client
    this.#watch.closed(this)
    if (status === 'end') return
    // Disconnected between two attempts, ioredis gives them up and says nothing more: there is no socket.
    const ended = status === 'reconnecting' ? undefined : new Promise(resolve => client.once('end', resolve))
    client.disconnect()
    await ended
  }

  get #address(): string {
    const { path, tls, host = 'localhost', port = 6379, sentinels, name } = this.#client.options
    if (sentinels) return `the master '${name}' of its sentinels`
    if (path) return path
    return `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  }
}

function cappedBackoff(attempt: number): number {
  return Math.min(2_000, 25 * 2 ** attempt) * (0.5 + Math.random() / 2)
}

/** Of a host with several addresses each has failed, and the error itself says nothing. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message
  const { errors = [] } = error as Partial<AggregateError>
  return errors.map(messageOf).join(', ') || String(error)
}
