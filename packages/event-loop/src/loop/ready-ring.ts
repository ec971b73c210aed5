/** What a loop runs in a batch. */
export interface Runnable {
  run(): void
}

/** First in, first out, over a ring that doubles when it is full. */
export class ReadyRing {
  #slots: (Runnable | undefined)[] = new Array(64).fill(undefined)
  #mask = 63
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(entry: Runnable): void {
    if (this.#size > this.#mask) this.#grow()
    this.#slots[(this.#head + this.#size++) & this.#mask] = entry
  }

  /** @throws RangeError when it is empty */
  shift(): Runnable {
    const entry = this.#slots[this.#head]
    if (!entry) throw new RangeError('nothing is ready')
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & this.#mask
    this.#size--
    return entry
  }

  clear(): void {
    while (this.#size > 0) this.shift()
  }

  #grow() {
    const slots: (Runnable | undefined)[] = new Array(this.#slots.length * 2).fill(undefined)
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = slots
    this.#mask = slots.length - 1
    this.#head = 0
  }
}
