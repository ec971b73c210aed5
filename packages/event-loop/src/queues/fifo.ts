import type { QueueItems } from './queue-items.ts'

/** How many slots a ring has at least; a power of two, as every number of them is. */
const least = 16

/** First in, first out, over a ring that doubles when it is full, and is halved when three of four slots are free. */
export class Fifo<T> implements QueueItems<T> {
  #slots: (T | undefined)[] = new Array(least).fill(undefined)
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  add(item: T): void {
    if (this.#size === this.#slots.length) this.#resize(this.#size * 2)
    this.#slots[(this.#head + this.#size++) & (this.#slots.length - 1)] = item
  }

  take(): T {
    const slots = this.#slots
    const item = slots[this.#head] as T
    slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (slots.length - 1)
    this.#size--
    if (slots.length > least && this.#size * 4 <= slots.length) this.#resize(slots.length / 2)
    return item
  }

  clear(): void {
    this.#slots = new Array(least).fill(undefined)
    this.#head = 0
    this.#size = 0
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (let i = 0; i < this.#size; i++) yield this.#slots[(this.#head + i) & (this.#slots.length - 1)] as T
  }

  #resize(length: number) {
    const slots: (T | undefined)[] = new Array(length).fill(undefined)
    let size = 0
    for (const item of this) slots[size++] = item
    this.#slots = slots
    this.#head = 0
  }
}
