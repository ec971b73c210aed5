import { type Codec, checkDuration, checkIds, type DeadLetter, type DeadLetters } from '@fosen/queue'
import type { RedisConnection } from './connection.ts'
import { open } from './envelope.ts'
import type { QueueKeys } from './keys.ts'
import { unpackStrings } from './packed-strings.ts'
import { type Argument, Script } from './script.ts'

const dead = new Script('dead')

const lettersPerCall = 1_000

/** The dead letters of a RedisQueue, of all its partitions. */
export class RedisDeadLetters<T> implements DeadLetters<T> {
  readonly #connection: RedisConnection
  readonly #partitions: readonly QueueKeys[]
  readonly #codec: Codec<T>
  readonly #checkOpen: () => void

  constructor(connection: RedisConnection, partitions: readonly QueueKeys[], codec: Codec<T>, checkOpen: () => void) {
    this.#connection = connection
    this.#partitions = partitions
    this.#codec = codec
    this.#checkOpen = checkOpen
  }

  /** The messages given up, oldest first. One that the codec cannot decode has the value undefined; its error says why. */
  async list(): Promise<DeadLetter<T>[]> {
    this.#checkOpen()
    const letters: ReturnType<typeof read>[] = []
    for (const keys of this.#partitions) {
      for await (const packed of this.#packed(keys)) letters.push(read(packed))
    }
    if (this.#partitions.length > 1) letters.sort((one, other) => one.time - other.time)
    return letters.map(({ id, attempts, error, payload }) => ({ id, attempts, error, value: this.#decode(payload) }))
  }

  async requeue(ids?: readonly string[]): Promise<number> {
    return this.#remove('requeue', ids)
  }

  async purge(ids?: readonly string[]): Promise<number> {
    return this.#remove('purge', ids)
  }

  /**
   * Removes those that were given up so many milliseconds ago, or earlier.
   *
   * @returns how many there were
   */
  async clean(age: number): Promise<number> {
    checkDuration('age', age)
    this.#checkOpen()
    return this.#sum(keys => this.#oldest(keys, 'clean', age))
  }

  async #remove(action: 'requeue' | 'purge', ids: readonly string[] | undefined): Promise<number> {
    checkIds(ids)
    this.#checkOpen()
    const wanted = ids && new Set(ids)
    return this.#sum(keys => (wanted === undefined ? this.#oldest(keys, action, 0) : this.#given(keys, action, wanted)))
  }

  async #sum(call: (keys: QueueKeys) => Promise<number>): Promise<number> {
    let sum = 0
    for (const keys of this.#partitions) sum += await call(keys)
    return sum
  }

  /** Goes on as long as there are letters, but for those that come meanwhile. */
  async #oldest(keys: QueueKeys, action: string, age: number): Promise<number> {
    const length = await this.#connection.send(client => client.llen(keys.dead))
    let count = 0
    while (count < length) {
      const removed = await this.#run(keys, action, [Math.min(lettersPerCall, length - count), age])
      count += removed
      if (removed === 0) break
    }
    return count
  }

  async #given(keys: QueueKeys, action: string, ids: ReadonlySet<string>): Promise<number> {
    const given: Buffer[] = []
    for await (const packed of this.#packed(keys)) if (ids.has(read(packed).id)) given.push(packed)
    let count = 0
    for (let at = 0; at < given.length; at += lettersPerCall) {
      count += await this.#run(keys, action, [0, 0, ...given.slice(at, at + lettersPerCall)])
    }
    return count
  }

  async #run({ ready, dead: letters, levels }: QueueKeys, action: string, args: readonly Argument[]): Promise<number> {
    return Number(await dead.run(this.#connection, [ready, letters, ...levels], [action, ...args]))
  }

  async *#packed(keys: QueueKeys): AsyncGenerator<Buffer, void, undefined> {
    for (let first = 0; ; first += lettersPerCall) {
      const last = first + lettersPerCall - 1
      const letters = await this.#connection.send(client => client.lrangeBuffer(keys.dead, first, last))
      yield* letters
      if (letters.length < lettersPerCall) return
    }
  }

  #decode(payload: Buffer): T | undefined {
    try {
      return this.#codec.decode(payload)
    } catch {
      return undefined
    }
  }
}

/** What a dead letter consists of, before its payload is decoded. */
function read(packed: Buffer) {
  const [element, name, message, time] = unpackStrings(packed) as [Buffer, Buffer, Buffer, Buffer]
  const { id, attempts, payload } = open(element, '', 0)
  const error = name.length === 0 ? undefined : { name: name.toString(), message: message.toString() }
  return { id, attempts, payload, error, time: Number(time) }
}
