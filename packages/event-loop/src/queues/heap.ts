import type { QueueItems } from './queue-items.ts'

/**
 * Least first: a binary heap that makes the comparisons of Python's heapq in the same order, so that equal items leave in
 * the order in which they leave there.
 *
 * All comparisons of an operation come before its first change: one that throws changes nothing.
 *
 * @see https://docs.python.org/3/library/heapq.html
 */
export class Heap<T> implements QueueItems<T> {
  readonly #compare: (a: T, b: T) => number
  #heap: T[] = []

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#heap.length
  }

  add(item: T): void {
    const heap = this.#heap
    let place = heap.length
    while (place > 0 && this.#isLess(item, heap[parentOf(place)] as T)) place = parentOf(place)
    let hole = heap.push(item) - 1
    for (; hole > place; hole = parentOf(hole)) heap[hole] = heap[parentOf(hole)] as T
    heap[place] = item
  }

  take(): T {
    const heap = this.#heap
    const last = heap.length - 1
    const item = heap[last] as T
    // The hole of the first item goes down to a leaf, past the lesser children, and up again to where the last one fits.
    let place = 0
    for (let child = 1; child < last; child = 2 * place + 1) {
      const right = child + 1
      place = right < last && !this.#isLess(heap[child] as T, heap[right] as T) ? right : child
    }
    while (place > 0 && this.#isLess(item, heap[place] as T)) place = parentOf(place)
    let carried = item
    for (let hole = place; hole >= 0; hole = parentOf(hole)) {
      const above = heap[hole] as T
      heap[hole] = carried
      carried = above
    }
    heap.pop()
    return carried
  }

  clear(): void {
    this.#heap = []
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#heap[Symbol.iterator]()
  }

  #isLess(a: T, b: T): boolean {
    return this.#compare(a, b) < 0
  }
}

/** Of the first, -1. */
const parentOf = (index: number) => (index - 1) >> 1
