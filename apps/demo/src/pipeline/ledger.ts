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

  /**
   * The rows of what is done, of what was given up, and of what was lost.
   *
   * @param errors why they were given up, by number
   * @param isOver whether the queue is empty: what is not done and was not given up is lost then
   */
  account(errors: ReadonlyMap<number | undefined, string>, isOver: boolean) {
    const rows = [...this.#rows.values()]
    let [dead, lost] = [0, 0]
    for (const { id, path, isLoad } of this.#waiting.values()) {
      if (isLoad) continue
      const death = errors.get(id)
      if (death !== undefined) dead++
      else if (isOver) lost++
      else continue
      rows.push({ path, error: death ?? 'lost by the queue' })
    }
    return { rows, dead, lost }
  }

  complete({ id, isLoad }: Omit<Message, 'path'>, row: Row): void {
    const isFirst = this.#waiting.delete(id)
    if (isLoad) return
    if (isFirst) this.#rows.set(id, row)
    else this.#repeated.add(id)
  }
}
