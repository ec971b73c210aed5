import { systemClock } from '@fosen/queue'
import { type Redis, ReplyError } from 'ioredis'
import { afterTurning } from './after-turning.ts'
import { addressOf, blockingSource, type Client, createClient, patienceOf, redisOptionsOf } from './client.ts'
import { RedisConnectionError, RedisVersionError } from './errors.ts'
import { type LossWatch, lossWatchOf } from './loss-watch.ts'
import { withoutSecrets } from './secrets.ts'
import { checkServer } from './server-check.ts'
import { type CheckedSource, checkSource, type RedisSource } from './source.ts'
import { messageOf, unreachable } from './unreachable.ts'
import { type Patience, Watchdog } from './watchdog.ts'

/** How long commands may take to be answered when the connection is closed, in milliseconds. */
const drainTimeout = 5_000
/** How long a client may take to tell that it is closed, in milliseconds: one that connects may not tell it at all. */
const endTimeout = 1_000

/**
 * A connection to Redis that is made when it is first needed.
 *
 * Until it has stood once, what fails is told at once, and the next call tries again. From then on it restores itself, and
 * a loss of more than a second is told in a process warning. Commands that were under way when it was lost are sent again:
 * Redis may run them twice.
 */
export class RedisConnection {
  readonly #client: Client
  readonly #owned: boolean
  readonly #patience: Patience
  /** A client of the caller has its own options for that. */
  readonly #watchdog: Watchdog | undefined
  readonly #watch: LossWatch
  readonly #pending = new Set<(error: Error) => void>()
  /** Whether the server is to be checked before it is used. */
  readonly #isToCheck: boolean
  readonly #isDurable: boolean
  #hasStood: boolean
  #opened = false
  #isClosed = false
  #opening: Promise<void> | undefined
  #lastError: Error | undefined
  /** What refused the database of the connection that is being made. */
  #refusal: Error | undefined
  /** How many commands in a row were refused by a server that has become a replica. */
  #readonlys = 0
  #onDrained: (() => void) | undefined

  /**
   * @param options.isDurable whether what it puts there is to outlive Redis
   * @param options.found is there when another connection has found the server: this one waits for it from the beginning, and tells
   * a loss together with that one
   * @throws TypeError for a bad source, or one with a keyPrefix
   */
  constructor(source: RedisSource, { isDurable = false, found }: { isDurable?: boolean; found?: LossWatch } = {}) {
    const checked = checkSource(source)
    this.#hasStood = found !== undefined
    this.#isToCheck = found === undefined
    this.#isDurable = isDurable
    this.#owned = checked.client === undefined
    this.#client = checked.client ?? this.#create(checked)
    this.#patience = patienceOf(checked)
    const isUsed = () => this.#pending.size > 0
    this.#watchdog = this.#owned ? new Watchdog(this.#client, this.#patience, isUsed) : undefined
    const keyPrefix = this.#client.options.keyPrefix || redisOptionsOf(this.#client).keyPrefix
    if (keyPrefix) {
      throw new TypeError(`keyPrefix does not reach the keys of scripts: put '${keyPrefix}' before the name instead`)
    }
    this.#watch = found ?? lossWatchOf(this.address)
  }

  /** Where it leads, without passwords. */
  get address(): string {
    return addressOf(this.#client)
  }

  /**
   * A connection of its own to the same server, for commands that block. It waits for the server, as this one has found it.
   *
   * @param blocking the longest time that a command blocks, in milliseconds: the connection is replaced when nothing comes
   * for some time after that
   */
  duplicate(blocking: number): RedisConnection {
    return new RedisConnection(blockingSource(this.#client, this.#patience, blocking), { found: this.#watch })
  }

  /**
   * Resolves when it stands, and the server is one that will do.
   *
   * @throws RedisConnectionError when it has never stood and cannot be made, or leads to a replica
   * @throws RedisVersionError when the server is too old
   */
  open(): Promise<void> {
    const open = async () => {
      if (this.#owned && !this.#hasStood) await this.#connect()
      if (this.#isToCheck) await this.#check()
      this.#opened = true
    }
    if (this.#opened) return Promise.resolve()
    this.#opening ??= open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /**
   * Sends a command, and gives its answer. A Redis and a Cluster have the same commands.
   *
   * @throws RedisConnectionError when the connection has never stood and cannot be made, or is closed
   */
  send<R>(command: (client: Redis) => Promise<R>): Promise<R> {
    if (this.#isClosed) return Promise.reject(new RedisConnectionError(`the connection to ${this.address} is closed`))
    this.#watchdog?.wake()
    return new Promise((resolve, reject) => {
      const answer = this.#opened
        ? command(this.#client as Redis)
        : this.open().then(() => command(this.#client as Redis))
      this.#pending.add(reject)
      answer.then(
        value => {
          this.#settled(reject)
          if (this.#readonlys > 0) this.#leaveReadonly()
          resolve(value)
        },
        error => {
          this.#settled(reject)
          reject(withoutSecrets(error))
        },
      )
    })
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
    this.#isClosed = true
    for (const reject of this.#pending) {
      reject(new RedisConnectionError(`the connection to ${this.address} was closed before the answer came`))
    }
    if (this.#owned) await this.#disconnect()
  }

  async #connect() {
    const { connect: limit } = this.#patience
    let late: Error | undefined
    this.#lastError = undefined
    using _ = afterTurning(limit, () => {
      late = new Error(`no answer within ${limit} ms`)
      this.#client.disconnect()
    })
    try {
      await this.#client.connect()
    } catch (error) {
      throw unreachable(this.address, late ?? this.#refusal ?? this.#lastError ?? error)
    }
    const failure = late ?? this.#refusal
    if (failure !== undefined) throw unreachable(this.address, failure)
  }

  async #check() {
    try {
      await checkServer(this.#client, this.address, this.#isDurable)
    } catch (error) {
      // The next call looks for another server at this address.
      if (!this.#owned) throw withoutSecrets(error)
      await this.#disconnect()
      const isTold = [RedisConnectionError, RedisVersionError, ReplyError].some(type => error instanceof type)
      throw isTold ? withoutSecrets(error) : unreachable(this.address, error)
    }
  }

  #create(source: CheckedSource): Client {
    const client = createClient(source, {
      isToRetry: () => this.#hasStood,
      onReadonly: () => this.#enterReadonly(),
      refusals: () => this.#readonlys,
    })
    client.on('connect', () => {
      this.#refusal = undefined
    })
    client.on('ready', () => {
      if (this.#refusal !== undefined) return
      this.#hasStood = true
      if (this.#readonlys === 0) this.#watch.restored(this)
    })
    client.on('close', () => {
      if (this.#hasStood) this.#watch.lost(this, () => messageOf(this.#lastError ?? new Error('it was closed')))
    })
    client.on('end', () => {
      this.#watchdog?.rest()
      this.#watch.closed(this)
    })
    client.on('connecting', () => this.#watchdog?.wake())
    const onError = (error: Error & { command?: { name: string } }) => {
      const isOfSelect = error.command?.name === 'select'
      this.#lastError = withoutSecrets(error) as Error
      if (!isOfSelect) return
      // ioredis would go on with database 0.
      this.#refusal = error
      client.disconnect(this.#hasStood)
    }
    client.on('error', onError)
    client.on('node error', onError)
    return client
  }

  #settled(reject: (error: Error) => void) {
    this.#pending.delete(reject)
    if (this.#pending.size === 0) this.#onDrained?.()
  }

  #enterReadonly() {
    this.#readonlys++
    this.#watch.lost(this, () => 'the server has become a replica')
  }

  #leaveReadonly() {
    this.#readonlys = 0
    this.#watch.restored(this)
  }

  async #drained() {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onDrained = resolve
    if (this.#pending.size > 0) await promise
  }

  async #disconnect() {
    const client = this.#client
    const { status } = client
    this.#hasStood = false
    this.#watchdog?.rest()
    this.#watch.closed(this)
    if (status === 'end') return
    const { promise, resolve } = Promise.withResolvers<void>()
    client.once('end', resolve)
    client.disconnect()
    // Disconnected between two attempts, ioredis gives them up and says nothing more: there is no socket.
    if (status === 'reconnecting') return
    using _ = systemClock.after(endTimeout, resolve)
    await promise
  }
}
