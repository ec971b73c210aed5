import { DelayHeap } from './delay-heap.ts'

/** The keys whose windows are open, each with the id of the message that came with it. */
export class DedupKeys {
  readonly #ids = new Map<string, string>()
  readonly #ends = new DelayHeap<string>()

  /** The id of the message whose window is open at this time. */
  find(key: string, now: number): string | undefined {
    while (this.#ends.nextDue <= now) this.#ids.delete(this.#ends.pop() as string)
    return this.#ids.get(key)
  }

  /** Opens the window of a key that `find` did not find. */
  add(key: string, id: string, end: number): void {
    this.#ids.set(key, id)
    this.#ends.push(end, key)
  }

  clear(): void {
    this.#ids.clear()
    this.#ends.clear()
  }
}
