import { type Codec, checkIds, type DeadLetter, type DeadLetters, describeError } from '@fosen/queue'
import { type Message, unpack } from './message.ts'

interface Entry<T> {
  readonly message: Message<T>
  readonly attempts: number
  readonly error: DeadLetter<T>['error']
}

export interface DeadLettersOptions<T> {
  /** @throws when the queue is closed */
  readonly checkOpen: () => void
  readonly codec: Codec<T> | undefined
  /** Called with messages that are to be delivered again. */
  readonly requeue: (messages: readonly Message<T>[]) => void
}

/** The dead letters of a DequeQueue. */
export class DequeDeadLetters<T> implements DeadLetters<T> {
  readonly #options: DeadLettersOptions<T>
  readonly #entries = new Map<string, Entry<T>>()

  constructor(options: DeadLettersOptions<T>) {
    this.#options = options
  }

  get length(): number {
    return this.#entries.size
  }

  /** @param attempts how often it was delivered */
  add(message: Message<T>, attempts: number, error: unknown): void {
    this.#entries.set(String(message.number), { message, attempts, error: describeError(error) })
  }

  async list(): Promise<DeadLetter<T>[]> {
    this.#options.checkOpen()
    return Array.from(this.#entries, ([id, { message, attempts, error }]) => {
      return { id, value: this.#read(message), attempts, error }
    })
  }

  async requeue(ids?: readonly string[]): Promise<number> {
    const messages = this.#remove(ids)
    this.#options.requeue(messages)
    return messages.length
  }

  async purge(ids?: readonly string[]): Promise<number> {
    return this.#remove(ids).length
  }

  clear(): void {
    this.#entries.clear()
  }

  #remove(ids: readonly string[] | undefined) {
    checkIds(ids)
    this.#options.checkOpen()
    const removed: Message<T>[] = []
    const wanted = ids && new Set(ids)
    for (const [id, { message }] of this.#entries) {
      if (wanted?.has(id) === false) continue
      this.#entries.delete(id)
      removed.push(message)
    }
    return removed
  }

  #read({ payload }: Message<T>) {
    try {
      return unpack(payload, this.#options.codec)
    } catch {
      return undefined
    }
  }
}
