import { offsetOf } from './check.ts'
import { RuntimeError } from './errors.ts'

/** The fewest slots of a ring, a power of two. */
const smallest = 16

/** The most slots, the largest power of two that V8 makes an array of. */
export const largest = 2 ** 26

/** The greatest length that can be set without V8 making a dictionary of the array. */
const longest = 2 ** 25

/**
 * What a deque is made of: items in a row, quick at both ends.
 *
 * They are in an array that is used as a ring. It doubles when it is full, and is cut to a quarter when an eighth of it
 * would do. What was removed is not held.
 */
export class Ring<T> implements Iterable<T> {
  // The items have the positions #head, #head + 1, … #tail - 1: integers of 32 bits, which overflow. The lowest bits of a position
  // are its slot in #items, whose length is a power of two. In free slots there is undefined, or a hole.
  //
  // Together with #descents, #head and #tail tell whether anything was added or removed: they go down only where that counts.
  #items = newItems<T>()
  #head = 0
  #tail = 0
  #descents = 0
  readonly #maxlen: number
  /** With as many items as these, the array must grow, or an item go. */
  #many: number
  /** With no more items than these, the array should shrink. */
  #few = 0

  /** @param maxlen an integer from 0 on, or Infinity */
  constructor(maxlen: number) {
    this.#maxlen = maxlen
    this.#many = Math.min(smallest, maxlen)
    // A check in the methods themselves would slow them down.
    if (maxlen === 0) this.append = this.appendLeft = () => {}
  }

  /** How many items there are. */
  get length(): number {
    return (this.#tail - this.#head) | 0
  }

  /** How many items there are at most; Infinity when that is not limited. */
  get maxlen(): number {
    return this.#maxlen
  }

  /**
   * Adds an item at the right end. When there are `maxlen` already, the one at the left end goes. O(1), amortized.
   *
   * @throws RangeError when there are 67 108 864 items, more than which no deque can hold
   */
  append(item: T): void {
    if (this.length === this.#many) this.#makeRoom('left')
    const items = this.#items
    items[this.#tail & (items.length - 1)] = item
    this.#tail = (this.#tail + 1) | 0
  }

  /**
   * Adds an item at the left end. When there are `maxlen` already, the one at the right end goes. O(1), amortized.
   *
   * @throws RangeError when there are 67 108 864 items, more than which no deque can hold
   */
  appendLeft(item: T): void {
    if (this.length === this.#many) this.#makeRoom('right')
    const items = this.#items
    const head = (this.#head - 1) | 0
    items[head & (items.length - 1)] = item
    this.#head = head
    this.#descents = (this.#descents + 1) | 0
  }

  /** Removes the item at the right end, and gives it; undefined when there is none. O(1), amortized. */
  pop(): T | undefined {
    if (this.length <= this.#few) {
      if (this.length === 0) return undefined
      this.#shrink()
    }
    const items = this.#items
    const tail = (this.#tail - 1) | 0
    const slot = tail & (items.length - 1)
    const item = items[slot]
    items[slot] = undefined
    this.#tail = tail
    this.#descents = (this.#descents + 1) | 0
    return item
  }

  /** Removes the item at the left end, and gives it; undefined when there is none. O(1), amortized. */
  popLeft(): T | undefined {
    if (this.length <= this.#few) {
      if (this.length === 0) return undefined
      this.#shrink()
    }
    const items = this.#items
    const slot = this.#head & (items.length - 1)
    const item = items[slot]
    items[slot] = undefined
    this.#head = (this.#head + 1) | 0
    return item
  }

  /** The item at an index, from the right end for a negative one, as `Array.prototype.at`; undefined when there is none. O(1). */
  at(index: number): T | undefined {
    const { length } = this
    let offset = Math.trunc(index) || 0
    if (offset < 0) offset += length
    if (offset < 0 || offset >= length) return undefined
    const items = this.#items
    return items[(this.#head + offset) & (items.length - 1)]
  }

  /**
   * Replaces the item at an index, from the right end for a negative one. O(1).
   *
   * @throws TypeError when the index is no number
   * @throws RangeError when it is no integer, or there is no item
   */
  set(index: number, item: T): void {
    const items = this.#items
    items[(this.#head + offsetOf(index, this.length)) & (items.length - 1)] = item
  }

  /** Removes all items. */
  clear(): void {
    this.#use(newItems())
    this.#head = this.#tail
  }

  /**
   * The items from left to right, with the helpers of iterators (`map`, `filter`, `take`, …).
   *
   * The iterator throws a RuntimeError when it goes on after an item was added or removed.
   */
  values(): IteratorObject<T, undefined, unknown> {
    return new Ring.#Iterator<T>(this, this.#head, this.#tail, 1)
  }

  /** The items from right to left, as `values` gives them from left to right. */
  reversed(): IteratorObject<T, undefined, unknown> {
    return new Ring.#Iterator<T>(this, this.#tail - 1, this.#head - 1, -1)
  }

  /** The same as `values`. */
  [Symbol.iterator](): IteratorObject<T, undefined, unknown> {
    return this.values()
  }

  /** Makes room for one more item: at `maxlen` by removing the one at that end, else by doubling the array. */
  #makeRoom(end: 'left' | 'right') {
    if (this.#many < this.#maxlen) this.#grow()
    else if (end === 'left') this.popLeft()
    else this.pop()
  }

  #grow() {
    const room = this.#items.length
    const items = doubled(this.#items)
    // All slots were taken. Of the two rows of them that meet at the head, one has the bit that counts from now on.
    const head = this.#head & (room - 1)
    const [from, to] = this.#head & room ? [head, room] : [0, head]
    for (let slot = from; slot < to; slot++) {
      items[slot + room] = items[slot]
      items[slot] = undefined
    }
    this.#use(items)
  }

  /** Cuts the array to a quarter. */
  #shrink() {
    const items = this.#items
    const room = Math.max(smallest, items.length / 4)
    // Each slot that an item moves to is free: no two items have the same, now or then.
    for (let position = this.#head; position !== this.#tail; position = (position + 1) | 0) {
      items[position & (room - 1)] = items[position & (items.length - 1)]
    }
    items.length = room
    this.#use(items)
  }

  #use(items: (T | undefined)[]) {
    this.#items = items
    this.#many = Math.min(items.length, this.#maxlen)
    this.#few = (items.length - smallest) >>> 3
  }

  static readonly #Iterator = class DequeIterator<T> extends Iterator<T, undefined, unknown> {
    /** Undefined when the iteration is over. */
    #ring: Ring<T> | undefined
    #position: number
    readonly #end: number
    readonly #step: number
    readonly #headThen: number
    readonly #tailThen: number
    readonly #descentsThen: number

    constructor(ring: Ring<T>, start: number, end: number, step: number) {
      super()
      this.#ring = ring
      this.#position = start | 0
      this.#end = end | 0
      this.#step = step
      this.#headThen = ring.#head
      this.#tailThen = ring.#tail
      this.#descentsThen = ring.#descents
    }

    next(): IteratorResult<T, undefined> {
      const ring = this.#ring
      if (ring === undefined) return { done: true, value: undefined }
      if (ring.#head !== this.#headThen || ring.#tail !== this.#tailThen || ring.#descents !== this.#descentsThen) {
        this.#ring = undefined
        throw new RuntimeError('the deque was changed during iteration')
      }
      const position = this.#position
      if (position === this.#end) {
        this.#ring = undefined
        return { done: true, value: undefined }
      }
      this.#position = (position + this.#step) | 0
      const items = ring.#items
      return { done: false, value: items[position & (items.length - 1)] as T }
    }
  }
}

/** The undefined in it is for V8, which takes an array that had none at first for one of integers. */
function newItems<T>(): (T | undefined)[] {
  return new Array(smallest).fill(undefined)
}

/** The array with twice as many slots, in place where V8 keeps it an array. */
function doubled<T>(items: T[]): T[] {
  const room = items.length
  if (room === largest) throw new RangeError(`a deque holds ${largest} items at most`)
  if (room > longest / 2) return items.concat(new Array(room))
  items.length = room * 2
  return items
}
