import { checkWaitOptions, QueueClosedError, type WaitOptions } from '@fosen/queue'
import { type Codec, checkCodec, textCodec } from './codec.ts'
import { RedisConnection } from './connection.ts'
import { checkName } from './keys.ts'
import { Pause } from './pause.ts'
import type { RedisSource } from './source.ts'
import { Waiters } from './waiters.ts'

/** Values other than strings need a codec. */
export type RedisDequeOptions<T> = RedisSource &
  (string extends T ? { readonly codec?: Codec<T> | undefined } : { readonly codec: Codec<T> })

/** How many values go with one command. */
const valuesPerCommand = 1_000
/** How long a BRPOP waits, in seconds: so long closing a deque may take. */
const blocking = 0.5
/** How long to wait before a value that could not be put back is put back again, in milliseconds: at first, and at last. */
const shortestPause = 25
const longestPause = 2_000

/**
 * A Redis list as a deque: `LPUSH`, `RPUSH`, `LPOP`, `RPOP` and `LLEN`, byte for byte what redis-py sends.
 *
 * What was popped is gone from Redis: it is lost with a process or connection that ends then, and when the codec cannot
 * decode it, which rejects. For work that must not be lost there is `RedisQueue`. A push whose answer was lost with the
 * connection is sent again, and may be there twice.
 *
 * @example
 * ```ts
 * import { RedisDeque } from '@fosen/queue-redis'
 *
 * const deque = new RedisDeque('names', { url: 'redis://127.0.0.1:6379' })
 * await deque.appendLeft('Ann')
 * await deque.appendLeft('Bob')
 * console.log(await deque.pop(), await deque.pop(), await deque.pop())
 * await deque.close()
 * ```
 * ```text
 * Ann Bob undefined
 * ```
 */
export class RedisDeque<T = string> implements AsyncDisposable {
  readonly name: string
  readonly #codec: Codec<T>
  readonly #connection: RedisConnection
  #blockingConnection: RedisConnection | undefined
  readonly #waiters = new Waiters<undefined, Buffer>('no value came')
  #loop: Promise<void> | undefined
  readonly #pause = new Pause()
  #isBlocking = false
  #closing: Promise<void> | undefined

  /**
   * It connects when it is first used.
   *
   * @param name the list's key
   * @throws TypeError for a bad name or option
   */
  constructor(name: string, options: RedisDequeOptions<T>) {
    checkName(name)
    this.name = name
    this.#connection = new RedisConnection(options)
    // The type of the options has it that without a codec the values are strings.
    this.#codec = options.codec ?? (textCodec as Codec<unknown> as Codec<T>)
    checkCodec(this.#codec)
  }

  /** Adds a value at the right end. */
  append(value: T): Promise<void> {
    return this.extend([value])
  }

  /** Adds a value at the left end. */
  appendLeft(value: T): Promise<void> {
    return this.extendLeft([value])
  }

  /** Adds values at the right end, one after the other, a thousand with one command. */
  async extend(values: Iterable<T>): Promise<void> {
    for (const chunk of this.#encode(values)) await this.#connection.send(client => client.rpush(this.name, ...chunk))
  }

  /** Adds values at the left end, one after the other, so that they end up in reverse order; a thousand with one command. */
  async extendLeft(values: Iterable<T>): Promise<void> {
    for (const chunk of this.#encode(values)) await this.#connection.send(client => client.lpush(this.name, ...chunk))
  }

  /** Removes the value at the right end and gives it; undefined when there is none. */
  async pop(): Promise<T | undefined> {
    this.#checkOpen()
    const bytes = await this.#connection.send(client => client.rpopBuffer(this.name))
    return bytes === null ? undefined : this.#codec.decode(bytes)
  }

  /** Removes the value at the left end and gives it; undefined when there is none. */
  async popLeft(): Promise<T | undefined> {
    this.#checkOpen()
    const bytes = await this.#connection.send(client => client.lpopBuffer(this.name))
    return bytes === null ? undefined : this.#codec.decode(bytes)
  }

  /**
   * Removes the value at the right end and gives it; waits while there is none. Those who wait here are served in the order
   * they came.
   *
   * An aborted wait takes nothing: a value that comes for it nevertheless goes back to the right end. While Redis refuses it
   * there, which a process warning tells, it is kept for the next `popWait` of this deque, and put back when Redis takes it.
   *
   * @throws TimeoutError when the timeout is over
   */
  async popWait(options: WaitOptions = {}): Promise<T> {
    checkWaitOptions(options)
    this.#checkOpen()
    const bytes = this.#waiters.wait(undefined, options)
    this.#loop ??= this.#run()
    this.#pause.wake()
    // While BRPOP waits, the list is empty.
    if (this.#isBlocking) this.#waiters.ask().thereIsNothing()
    return this.#codec.decode(await bytes)
  }

  async length(): Promise<number> {
    this.#checkOpen()
    return Number(await this.#connection.send(client => client.llen(this.name)))
  }

  /** Removes all values. */
  async clear(): Promise<void> {
    this.#checkOpen()
    await this.#connection.send(client => client.unlink(this.name))
  }

  /**
   * Ends every wait with a QueueClosedError, and refuses later calls with it. It resolves when Redis has what was pushed
   * before, or cannot be told within 5 s. A client that was given to the deque stays open.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close() {
    this.#waiters.rejectAll(new QueueClosedError('the deque is closed'))
    this.#pause.wake()
    await this.#connection.close(this.#loop)
    await this.#blockingConnection?.abandon()
  }

  /** All of them are encoded before the first is sent: a value that cannot be sends none. */
  #encode(values: Iterable<T>): (string | Buffer)[][] {
    this.#checkOpen()
    const encoded = Array.from(values, value => this.#codec.encode(value))
    const chunks: (string | Buffer)[][] = []
    for (let first = 0; first < encoded.length; first += valuesPerCommand) {
      chunks.push(encoded.slice(first, first + valuesPerCommand))
    }
    return chunks
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      try {
        const question = this.#waiters.ask()
        let bytes = await this.#connection.send(client => client.rpopBuffer(this.name))
        if (bytes === null) {
          question.thereIsNothing()
          if (!this.#waiters.isEmpty) bytes = await this.#block()
        }
        if (bytes !== null) await this.#handOut(bytes)
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
    }
    this.#loop = undefined
  }

  async #block(): Promise<Buffer | null> {
    this.#isBlocking = true
    try {
      this.#blockingConnection ??= this.#connection.duplicate(blocking * 1_000)
      const reply = await this.#blockingConnection.send(client => client.brpopBuffer(this.name, blocking))
      return reply === null ? null : reply[1]
    } finally {
      this.#isBlocking = false
    }
  }

  /** Gives the value to the first who waits; when there is nobody, puts it back. */
  async #handOut(bytes: Buffer) {
    let ms = shortestPause
    while (this.#waiters.isEmpty) {
      const isLast = this.#closing !== undefined
      try {
        await this.#connection.send(client => client.rpush(this.name, bytes))
        return
      } catch (error) {
        if (isLast) return this.#warn(`a value is lost with the closed deque, since it cannot be put back: ${error}`)
        if (ms === shortestPause) this.#warn(`a value is kept until it can be put back: ${error}`)
      }
      if (this.#closing === undefined && this.#waiters.isEmpty) await this.#pause.wait(ms)
      ms = Math.min(ms * 2, longestPause)
    }
    this.#waiters.resolveFirst(bytes)
  }

  #warn(message: string) {
    process.emitWarning(`the deque ${this.name}: ${message}`, 'RedisDequeWarning')
  }

  #checkOpen() {
    if (this.#closing !== undefined) throw new QueueClosedError('the deque is closed')
  }
}
