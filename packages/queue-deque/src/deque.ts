/** The smallest room a deque keeps, a power of two. */
const smallest = 16

/** The largest power of two that V8 keeps as an array. */
const largest = 2 ** 26

/**
 * A sequence that is quick at both ends: a ring buffer that grows as needed and gives memory back after a burst.
 *
 * Adding and removing at either end, and `at`, take constant time (adding and removing: on average). Nothing waits and
 * nothing throws when the deque is empty: `pop` and `popLeft` give undefined, as arrays do. What was removed is not held.
 *
 * @see https://docs.python.org/3/library/collections.html#collections.deque
 * @example
 * ```ts
 * import { Deque } from '@fosen/queue-deque'
 *
 * const deque = new Deque(['b', 'c'])
 * deque.append('d')
 * deque.appendLeft('a')
 * console.log(deque.popLeft(), deque.pop(), [...deque], deque.at(-1))
 * ```
 * ```text
 * a d [ 'b', 'c' ] c
 * ```
 */
export class Deque<T> implements Iterable<T> {
  // The items are at #head, #head + 1, … #tail - 1, taken modulo the room, which is #mask + 1 and a power of two. One slot
  // at least is free, so that #head === #tail means empty. Free slots hold undefined.
  #items: (T | undefined)[] = new Array(smallest).fill(undefined)
  #mask = smallest - 1
  #head = 0
  #tail = 0

  /** @throws TypeError when `items` is not iterable */
  constructor(items?: Iterable<T>) {
    if (items !== undefined) this.extend(items)
  }

  get length(): number {
    return (this.#tail - this.#head) & this.#mask
  }

  /**
   * Adds an item at the right end.
   *
   * @throws RangeError when the deque holds 67 108 863 items, the most there can be
   */
  append(item: T): void {
    if (((this.#tail + 1) & this.#mask) === this.#head) this.#grow()
    const tail = this.#tail
    this.#items[tail] = item
    this.#tail = (tail + 1) & this.#mask
  }

  /**
   * Adds an item at the left end.
   *
   * @throws RangeError when the deque holds 67 108 863 items, the most there can be
   */
  appendLeft(item: T): void {
    if (((this.#tail + 1) & this.#mask) === this.#head) this.#grow()
    const head = (this.#head - 1) & this.#mask
    this.#items[head] = item
    this.#head = head
  }

  /** Removes the item at the right end and gives it; undefined when there is none. */
  pop(): T | undefined {
    if (this.#head === this.#tail) return undefined
    const tail = (this.#tail - 1) & this.#mask
    const item = this.#items[tail]
    this.#items[tail] = undefined
    this.#tail = tail
    if (this.#mask >= smallest && this.length < this.#mask >>> 3) this.#shrink()
    return item
  }

  /** Removes the item at the left end and gives it; undefined when there is none. */
  popLeft(): T | undefined {
    const head = this.#head
    if (head === this.#tail) return undefined
    const item = this.#items[head]
    this.#items[head] = undefined
    this.#head = (head + 1) & this.#mask
    if (this.#mask >= smallest && this.length < this.#mask >>> 3) this.#shrink()
    return item
  }

  /** Adds items at the right end, one after the other. */
  extend(items: Iterable<T>): void {
    // Without the copy, a deque extended with itself would never come to its end.
    for (const item of items === this ? [...items] : items) this.append(item)
  }

  /** Adds items at the left end, one after the other: they end up in reverse order. */
  extendLeft(items: Iterable<T>): void {
    for (const item of items === this ? [...items] : items) this.appendLeft(item)
  }

  /** Removes all items. */
  clear(): void {
    this.#items = new Array(smallest).fill(undefined)
    this.#mask = smallest - 1
    this.#head = 0
    this.#tail = 0
  }

  /** The item at an index, from the right end for a negative one, as `Array.prototype.at`; undefined when there is none. */
  at(index: number): T | undefined {
    const { length } = this
    let offset = Math.trunc(index) || 0
    if (offset < 0) offset += length
    return offset >= 0 && offset < length ? this.#items[(this.#head + offset) & this.#mask] : undefined
  }

  /** The items from left to right. Changes meanwhile show as they do with an array: it goes by index. */
  *[Symbol.iterator](): Generator<T, undefined, undefined> {
    for (let offset = 0; offset < this.length; offset++) yield this.#items[(this.#head + offset) & this.#mask] as T
  }

  /** Doubles the room. `concat` and `slice` keep a large array an array, where `new Array` and `length` make it a dictionary. */
  #grow() {
    const room = this.#items.length
    if (room === largest) throw new RangeError(`a deque holds ${largest - 1} items at most`)
    const items = this.#items.concat(this.#items)
    // What lay before the head, behind the end of the ring, lies behind the old end in the copy, and stays there.
    if (this.#tail < this.#head) this.#tail += room
    this.#items = items.fill(undefined, 0, this.#head).fill(undefined, this.#tail)
    this.#mask = items.length - 1
  }

  /** Halves the room of a deque that needs little of it. */
  #shrink() {
    const { length } = this
    const items = this.#items.slice(0, this.#items.length / 2)
    for (let offset = 0; offset < length; offset++) items[offset] = this.#items[(this.#head + offset) & this.#mask]
    this.#items = items.fill(undefined, length)
    this.#mask = items.length - 1
    this.#head = 0
    this.#tail = length
  }
}
