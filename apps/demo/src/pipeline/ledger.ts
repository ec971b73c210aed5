import type { Found } from './producer.ts'
import type { Message, Row } from './row.ts'

/** What was found, and what has become of it: each file is counted once, however often its row comes. */
export class Ledger {
  readonly #messages: Message[] = []
  /** Of what was found, by the number of the file; of what `addLoad` added there is no row to keep. */
  readonly #rows = new Map<number, Row>()
  readonly #waiting = new Map<number, Message>()
  readonly #repeated = new Set<number>()
  #found = 0
  #next = 0

  /** How many there are, with those that were added. */
  get expected(): number {
    return this.#next
  }

  /** Those that came from the walk. */
  get found(): number {
    return this.#found
  }

  get done(): number {
    return this.#next - this.#waiting.size
  }

  get repeated(): number {
    return this.#repeated.size
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()]
  }

  /** What is not done. */
  get waiting(): Iterable<Message> {
    return this.#waiting.values()
  }

  /** @returns what is to be done; what cannot be read is done */
  find(files: readonly Found[]): Message[] {
    this.#found += files.length
    const messages: Message[] = []
    for (const { path, error } of files) {
      const message = { id: this.#next++, path }
      if (error !== undefined) {
        this.#rows.set(message.id, { path, error })
        continue
      }
      messages.push(message)
      this.#messages.push(message)
      this.#waiting.set(message.id, message)
    }
    return messages
  }

  /** Files that were found, as many as are wanted, once more; none when none was found. */
  addLoad(files: number): Message[] {
    const count = this.#messages.length === 0 ? 0 : files
    return Array.from({ length: count }, (_, at) => {
      const { path } = this.#messages[at % this.#messages.length] as Message
      const message = { id: this.#next++, path, isLoad: true }
      this.#waiting.set(message.id, message)
      return message
    })
  }

  complete({ id, isLoad }: Omit<Message, 'path'>, row: Row): void {
    const isFirst = this.#waiting.delete(id)
    if (isLoad) return
    if (isFirst) this.#rows.set(id, row)
    else this.#repeated.add(id)
  }
}
