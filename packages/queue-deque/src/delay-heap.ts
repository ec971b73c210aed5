interface Entry<T> {
  readonly due: number
  /** Keeps the order of items that are due at the same time. */
  readonly sequence: number
  readonly item: T
}

/** Items with the time they are due; the earliest is at the top, and of two with the same time the one added first. */
export class DelayHeap<T> {
  // A binary heap: no entry comes before its parent, which is at (index - 1) >> 1.
  #entries: Entry<T>[] = []
  #sequence = 0

  get length() {
    return this.#entries.length
  }

  /** When the earliest item is due; Infinity when there is none. */
  get nextDue() {
    return this.#entries[0]?.due ?? Infinity
  }

  push(due: number, item: T) {
    const entries = this.#entries
    const entry = { due, sequence: this.#sequence++, item }
    let index = entries.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = entries[parent] as Entry<T>
      if (isBefore(above, entry)) break
      entries[index] = above
      index = parent
    }
    entries[index] = entry
  }

  /** Removes the earliest item and gives it; undefined when there is none. */
  pop(): T | undefined {
    const entries = this.#entries
    const top = entries[0]
    const last = entries.pop()
    if (last !== undefined && last !== top) this.#sinkFromTop(last)
    return top?.item
  }

  clear() {
    this.#entries = []
  }

  #sinkFromTop(entry: Entry<T>) {
    const entries = this.#entries
    let index = 0
    for (;;) {
      const left = index * 2 + 1
      const right = left + 1
      let child = entries[left]
      let childIndex = left
      if (child === undefined) break
      const other = entries[right]
      if (other !== undefined && isBefore(other, child)) {
        child = other
        childIndex = right
      }
      if (isBefore(entry, child)) break
      entries[index] = child
      index = childIndex
    }
    entries[index] = entry
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>) {
  return a.due < b.due || (a.due === b.due && a.sequence < b.sequence)
}
