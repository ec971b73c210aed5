/** Messages in flight, and when the lease of each ends; all last equally long. */
export class Leases<T> {
  readonly #duration: number
  // In the order of their ends.
  readonly #ends = new Map<T, number>()

  constructor(duration: number) {
    this.#duration = duration
  }

  /** When the first of them ends; Infinity when there is none. */
  get nextEnd(): number {
    for (const end of this.#ends.values()) return end
    return Infinity
  }

  begin(message: T, now: number): void {
    this.#ends.set(message, now + this.#duration)
  }

  /** False when the lease was lost. */
  end(message: T): boolean {
    return this.#ends.delete(message)
  }

  /** Ends those whose time is over, and gives their messages. */
  *overdue(now: number): Generator<T, void, undefined> {
    for (const [message, end] of this.#ends) {
      if (end > now) return
      this.#ends.delete(message)
      yield message
    }
  }
}
