const smallest = 16

/** First in, first out: a ring that grows as needed. */
export class Fifo<T> implements Iterable<T> {
  // The room is a power of two; the items are at #head, #head + 1, … modulo it.
  #items: (T | undefined)[] = new Array(smallest).fill(undefined)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow()
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item
    this.#length++
  }

  shift(): T | undefined {
    const item = this.#items[this.#head]
    if (this.#length === 0) return undefined
    this.#items[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    this.#length--
    return item
  }

  clear(): void {
    this.#items = new Array(smallest).fill(undefined)
    this.#head = 0
    this.#length = 0
  }

  *[Symbol.iterator](): Generator<T, undefined, undefined> {
    for (let offset = 0; offset < this.#length; offset++) {
      yield this.#items[(this.#head + offset) & (this.#items.length - 1)] as T
    }
  }

  #grow() {
    const inOrder = [...this]
    this.#items = inOrder.concat(new Array(inOrder.length).fill(undefined))
    this.#head = 0
  }
}
