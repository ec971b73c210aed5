/** The last of many, for readers that come again: each reads what was added since it last did. */
export class History<T> {
  readonly #capacity: number
  #entries: T[] = []
  #dropped = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How many were added so far: where a reader goes on that has read all of them. */
  get end(): number {
    return this.#dropped + this.#entries.length
  }

  add(entry: T): void {
    this.#entries.push(entry)
    // Seldom, as it moves all of them.
    if (this.#entries.length < 2 * this.#capacity) return
    this.#dropped += this.#capacity
    this.#entries = this.#entries.slice(this.#capacity)
  }

  /** @param cursor 0, or an `end` of before */
  since(cursor: number): T[] {
    return this.#entries.slice(Math.max(0, cursor - this.#dropped)).slice(-this.#capacity)
  }
}
