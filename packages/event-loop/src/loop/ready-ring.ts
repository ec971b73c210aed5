/** What a loop runs in a batch. */
export interface Runnable {
  run(): void
}

/** How many slots a ring begins with. */
const few = 64
/** Of more slots, it gives the memory back. */
const many = 2 ** 16

/** First in, first out, over a ring that doubles when it is full. */
export class ReadyRing {
  #slots: (Runnable | undefined)[] = new Array(few).fill(undefined)
  #mask = few - 1
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(entry: Runnable): void {
    if (this.#size > this.#mask) this.#grow()
    this.#slots[(this.#head + this.#size++) & this.#mask] = entry
  }

  /** The first one, which is there no more. */
  shift(): Runnable | undefined {
    const entry = this.#slots[this.#head]
    if (!entry) return undefined
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & this.#mask
    this.#size--
    return entry
  }

  /** Puts those for which `isOne` holds into another order, at the places that they have among the others. */
  shuffle(isOne: (entry: Runnable) => boolean, random: () => number): void {
    const places: number[] = []
    for (let i = 0; i < this.#size; i++) {
      const place = (this.#head + i) & this.#mask
      if (isOne(this.#slots[place] as Runnable)) places.push(place)
    }
    for (let left = places.length; left > 1; left--) {
      const [a, b] = [places[left - 1] as number, places[Math.floor(random() * left)] as number]
      const entry = this.#slots[a]
      this.#slots[a] = this.#slots[b]
      this.#slots[b] = entry
    }
  }

  clear(): void {
    while (this.shift());
    this.shrink()
  }

  /** Gives back what a burst has taken, once nothing is left of it. */
  shrink(): void {
    if (this.#mask < many || this.#size > 0) return
    this.#slots = new Array(few).fill(undefined)
    this.#mask = few - 1
    this.#head = 0
  }

  #grow() {
    const slots: (Runnable | undefined)[] = new Array(this.#slots.length * 2).fill(undefined)
    for (let i = 0; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask]
    this.#slots = slots
    this.#mask = slots.length - 1
    this.#head = 0
  }
}
