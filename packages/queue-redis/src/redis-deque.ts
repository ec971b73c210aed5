import { type Codec, checkCount, checkWaitOptions, QueueClosedError, type WaitOptions } from '@fosen/queue'
import type { Redis } from 'ioredis'
import { BlockingPop, type End } from './blocking-pop.ts'
import { RedisConnection } from './connection.ts'
import { type ElementOptions, Elements } from './elements.ts'
import { checkName } from './keys.ts'
import type { RedisSource } from './source.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Values other than strings need a codec or a schema. */
export type RedisDequeOptions<T> = RedisSource &
  ElementOptions<T> &
  (string extends T ? unknown : { readonly codec: Codec<T> } | { readonly schema: StandardSchema<T> })

/** How many elements are popped with one command. */
const mostPerCommand = 5_000

/**
 * A Redis list as a deque: `LPUSH`, `RPUSH`, `LPOP`, `RPOP` and the like, byte for byte what redis-py sends.
 *
 * Delivery is at most once: what was popped is gone from Redis, and is lost with a process or connection that ends before
 * you have it. A push whose answer was lost with the connection is sent again, and may be there twice. For work that must
 * not be lost there is `RedisQueue`, also over a list that others fill. Once Redis has been reached, calls wait while it
 * cannot be; before that they reject with a RedisConnectionError.
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
 * @see https://docs.python.org/3/library/collections.html#collections.deque
 */
export class RedisDeque<T = string> implements AsyncDisposable {
  readonly name: string
  readonly #elements: Elements<T>
  readonly #connection: RedisConnection
  readonly #waits: Readonly<Record<End, BlockingPop>>
  #closing: Promise<void> | undefined

  /**
   * It connects when it is first used.
   *
   * @param name the list's key
   * @throws TypeError, RangeError for a bad name or option
   */
  constructor(name: string, options: RedisDequeOptions<T>) {
    checkName(name)
    this.name = name
    this.#connection = new RedisConnection(options)
    this.#elements = new Elements(name, options)
    const waits = (end: End) => new BlockingPop(this.#connection, name, end)
    this.#waits = { left: waits('left'), right: waits('right') }
  }

  /** Adds a value at the right end. */
  append(value: T): Promise<void> {
    return this.extend([value])
  }

  /** Adds a value at the left end. */
  appendLeft(value: T): Promise<void> {
    return this.extendLeft([value])
  }

  /**
   * Adds values at the right end, one after the other, up to a thousand with one command. When a command fails, what went
   * before it stays.
   *
   * @throws TypeError, RangeError for a value that cannot be encoded, before any is sent
   */
  async extend(values: Iterable<T>): Promise<void> {
    this.#checkOpen()
    for (const elements of this.#elements.encode(values)) {
      await this.#connection.send(client => client.rpush(this.name, ...elements))
    }
  }

  /** As `extend`, at the left end: the values end up in reverse order. */
  async extendLeft(values: Iterable<T>): Promise<void> {
    this.#checkOpen()
    for (const elements of this.#elements.encode(values)) {
      await this.#connection.send(client => client.lpush(this.name, ...elements))
    }
  }

  /**
   * Removes the value at the right end and gives it; undefined when there is none.
   *
   * @throws InvalidElementError for what is no value, unless `onInvalid` takes it
   */
  pop(): Promise<T | undefined> {
    return this.#pop(client => client.rpopBuffer(this.name))
  }

  /** As `pop`, at the left end. */
  popLeft(): Promise<T | undefined> {
    return this.#pop(client => client.lpopBuffer(this.name))
  }

  /**
   * Removes up to `max` values at the right end and gives them, the rightmost first; none when there is none. They are
   * taken 5000 with one command: others may take some between two.
   *
   * @throws InvalidElementError for what is no value, unless `onInvalid` takes it; the error has all that was taken
   */
  async popMany(max: number): Promise<T[]> {
    return this.#popMany(max, (client, count) => client.rpopBuffer(this.name, count))
  }

  /** As `popMany`, at the left end, the leftmost first. */
  async popLeftMany(max: number): Promise<T[]> {
    return this.#popMany(max, (client, count) => client.lpopBuffer(this.name, count))
  }

  /**
   * Removes the value at the right end and gives it; waits while there is none. Those who wait here are served in the order
   * they came.
   *
   * An aborted wait takes nothing: a value that comes for it nevertheless goes back to the right end. While Redis refuses it
   * there, which a process warning tells, it is kept for the next `popWait` of this deque, and put back when Redis takes it.
   *
   * @throws TimeoutError when the timeout is over
   * @throws InvalidElementError for what is no value, unless `onInvalid` takes it
   */
  popWait(options: WaitOptions = {}): Promise<T> {
    return this.#popWait('right', options)
  }

  /** As `popWait`, at the left end. */
  popLeftWait(options: WaitOptions = {}): Promise<T> {
    return this.#popWait('left', options)
  }

  /**
   * The value at the right end, which stays there; undefined when there is none.
   *
   * @throws InvalidElementError for what is no value
   */
  peek(): Promise<T | undefined> {
    return this.#peek(-1)
  }

  /** As `peek`, at the left end. */
  peekLeft(): Promise<T | undefined> {
    return this.#peek(0)
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
    const waits = Object.values(this.#waits)
    const error = new QueueClosedError('the deque is closed')
    await this.#connection.close(Promise.all(waits.map(wait => wait.close(error))))
    await Promise.all(waits.map(wait => wait.disconnect()))
  }

  async #pop(pop: (client: Redis) => Promise<Buffer | null>): Promise<T | undefined> {
    for (;;) {
      this.#checkOpen()
      const element = await this.#connection.send(pop)
      if (element === null) return undefined
      const values = await this.#elements.accept([element])
      if (values.length > 0) return values[0]
    }
  }

  async #popMany(max: number, pop: PopCommand): Promise<T[]> {
    checkCount('max', max)
    this.#checkOpen()
    for (;;) {
      const popped = await this.#take(max, pop)
      const values = await this.#elements.accept(popped)
      if (values.length > 0 || popped.length === 0) return values
    }
  }

  async #take(max: number, pop: PopCommand): Promise<Buffer[]> {
    let popped: Buffer[] = []
    while (popped.length < max) {
      const count = Math.min(max - popped.length, mostPerCommand)
      try {
        const elements = (await this.#connection.send(client => pop(client, count))) ?? []
        popped = popped.length === 0 ? elements : popped.concat(elements)
        if (elements.length < count) break
      } catch (error) {
        // What was taken before is given; what prevents more prevents the next call, too.
        if (popped.length > 0) break
        throw error
      }
    }
    return popped
  }

  async #popWait(end: End, options: WaitOptions): Promise<T> {
    checkWaitOptions(options)
    const { timeout = Infinity } = options
    const started = performance.now()
    for (let left = timeout; ; left = Math.max(timeout - (performance.now() - started), 0)) {
      this.#checkOpen()
      const element = await this.#waits[end].wait({ ...options, timeout: left })
      const values = await this.#elements.accept([element])
      if (values.length > 0) return values[0] as T
    }
  }

  async #peek(index: number): Promise<T | undefined> {
    this.#checkOpen()
    const element = await this.#connection.send(client => client.lindexBuffer(this.name, index))
    return element === null ? undefined : this.#elements.decode(element)
  }

  #checkOpen() {
    if (this.#closing !== undefined) throw new QueueClosedError('the deque is closed')
  }
}

type PopCommand = (client: Redis, count: number) => Promise<Buffer[] | null>
