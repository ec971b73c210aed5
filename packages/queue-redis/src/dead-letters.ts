import type { DeadLetter, DeadLetters } from '@fosen/queue'
import type { Codec } from './codec.ts'
import type { RedisConnection } from './connection.ts'
import { open } from './envelope.ts'
import type { QueueKeys } from './keys.ts'
import { Script } from './script.ts'

const dead = new Script('dead')

const lettersPerCall = 1_000

export class RedisDeadLetters<T> implements DeadLetters<T> {
  readonly #connection: RedisConnection
  readonly #keys: QueueKeys
  readonly #codec: Codec<T>
  readonly #checkOpen: () => void

  constructor(connection: RedisConnection, keys: QueueKeys, codec: Codec<T>, checkOpen: () => void) {
    this.#connection = connection
    this.#keys = keys
    this.#codec = codec
    this.#checkOpen = checkOpen
  }

  /** The messages given up, oldest first. One that the codec cannot decode has the value undefined; its error says why. */
  async list(): Promise<DeadLetter<T>[]> {
    this.#checkOpen()
    const letters: DeadLetter<T>[] = []
    for (;;) {
      const range = [letters.length, letters.length + lettersPerCall - 1]
      const reply = (await dead.run(this.#connection, [this.#keys.dead], range)) as PackedLetter[]
      for (const letter of reply) letters.push(this.#unpack(letter))
      if (reply.length < lettersPerCall) return letters
    }
  }

  async requeue(): Promise<number> {
    throw new Error('RedisQueue cannot requeue its dead letters')
  }

  async purge(): Promise<number> {
    throw new Error('RedisQueue cannot purge its dead letters by themselves: clear() removes all')
  }

  #unpack([element, name, message]: PackedLetter): DeadLetter<T> {
    const { id, attempts, payload } = open(element)
    const error = name === null ? undefined : { name: name.toString(), message: message.toString() }
    return { id, attempts, error, value: this.#decode(payload) }
  }

  #decode(payload: Buffer): T | undefined {
    try {
      return this.#codec.decode(payload)
    } catch {
      return undefined
    }
  }
}

type PackedLetter = [envelope: Buffer, name: Buffer, message: Buffer] | [envelope: Buffer, name: null, message: null]
