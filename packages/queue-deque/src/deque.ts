import { inspect } from 'node:util'
import { checkCount } from '@fosen/queue'
import { checkInteger, clamp, offsetOf } from './check.ts'
import { largest, Ring } from './ring.ts'
import { sameValueZero } from './same-value-zero.ts'

export interface DequeOptions {
  /** How many items the deque holds at most: each further one drops one at the other end. Infinity by default. */
  readonly maxlen?: number | undefined
}

/**
 * Python's `collections.deque`: a sequence that is quick at both ends, and that can be bounded by `maxlen`.
 *
 * Adding and removing at either end take constant time (amortized), and so do `at` and `set` anywhere; memory is given
 * back after a burst, and what was removed is not held. Nothing waits, and an empty deque gives undefined. Items are the
 * same when `Array.prototype.includes` finds the one by the other (SameValueZero).
 *
 * @see https://docs.python.org/3/library/collections.html#collections.deque
 * @example
 * ```ts
 * import { Deque } from '@fosen/queue-deque'
 *
 * const deque = new Deque(['b', 'c'])
 * deque.append('d')
 * deque.appendLeft('a')
 * console.log(deque.popLeft(), deque.pop(), deque, deque.at(-1))
 *
 * const latest = new Deque([1, 2, 3, 4, 5], { maxlen: 3 })
 * latest.rotate(1)
 * console.log(latest, latest.values().map(n => n * 10).toArray())
 * ```
 * ```text
 * a d Deque(2) [ 'b', 'c' ] c
 * Deque(3) [ 5, 3, 4, maxlen: 3 ] [ 50, 30, 40 ]
 * ```
 */
export class Deque<T> extends Ring<T> {
  /**
   * @param items are added one after the other at the right end
   * @throws TypeError when `items` is not iterable, or `maxlen` no number
   * @throws RangeError when `maxlen` is neither an integer from 0 on nor Infinity
   */
  constructor(items?: Iterable<T>, { maxlen = Infinity }: DequeOptions = {}) {
    checkCount('maxlen', maxlen, 0, true)
    super(maxlen)
    if (items !== undefined) this.extend(items)
  }

  /** Adds items at the right end, one after the other, as `append` does. O(items). */
  extend(items: Iterable<T>): void {
    // Without the copy, a deque that is extended with itself is changed during iteration.
    for (const item of items === this ? [...items] : items) this.append(item)
  }

  /** Adds items at the left end, one after the other, as `appendLeft` does: they end up in reverse order. O(items). */
  extendLeft(items: Iterable<T>): void {
    for (const item of items === this ? [...items] : items) this.appendLeft(item)
  }

  /**
   * Moves items from the right end to the left end, or the other way when `steps` is negative. O(steps), at most half the
   * length.
   *
   * @throws TypeError, RangeError when `steps` is no integer
   */
  rotate(steps = 1): void {
    checkInteger('steps', steps)
    const { length } = this
    if (length < 2) return
    let right = steps % length
    if (right < 0) right += length
    if (right <= length / 2) for (; right > 0; right--) this.appendLeft(this.pop() as T)
    else for (; right < length; right++) this.append(this.popLeft() as T)
  }

  /**
   * Adds an item before the one at an index, from the right end for a negative one; at the nearest end when there is none.
   * O(distance to the nearest end).
   *
   * @throws TypeError, RangeError when the index is no integer
   * @throws RangeError when there are `maxlen` items already, or 67 108 864
   */
  insert(index: number, item: T): void {
    checkInteger('index', index)
    const { length } = this
    if (length === this.maxlen) throw new RangeError(`the deque is full: its maxlen is ${length}`)
    const place = clamp(index, length)
    if (place < length / 2) {
      this.appendLeft(item)
      for (let i = 0; i < place; i++) this.set(i, this.at(i + 1) as T)
    } else {
      this.append(item)
      for (let i = length; i > place; i--) this.set(i, this.at(i - 1) as T)
    }
    this.set(place, item)
  }

  /**
   * Removes the item at an index, from the right end for a negative one, and gives it. O(distance to the nearest end).
   *
   * @throws TypeError when the index is no number
   * @throws RangeError when it is no integer, or there is no item
   */
  removeAt(index: number): T {
    const { length } = this
    const place = offsetOf(index, length)
    const item = this.at(place) as T
    if (place < length / 2) {
      for (let i = place; i > 0; i--) this.set(i, this.at(i - 1) as T)
      this.popLeft()
    } else {
      for (let i = place; i < length - 1; i++) this.set(i, this.at(i + 1) as T)
      this.pop()
    }
    return item
  }

  /**
   * Removes the first item that is the same as this one. O(length).
   *
   * @throws RangeError when there is none, where Python raises ValueError
   */
  remove(item: T): void {
    this.removeAt(this.index(item))
  }

  /**
   * The index of the first item that is the same as this one. O(stop - start).
   *
   * @param start the first index that is looked at, from the right end when it is negative
   * @param stop the one after the last, from the right end when it is negative
   * @throws TypeError, RangeError when one of them is no integer
   * @throws RangeError when there is no such item, where Python raises ValueError
   */
  index(item: T, start = 0, stop = this.length): number {
    checkInteger('start', start)
    checkInteger('stop', stop)
    const index = this.#find(item, clamp(start, this.length), clamp(stop, this.length))
    if (index === undefined) throw new RangeError(`${inspect(item)} is not in the deque`)
    return index
  }

  /** Whether there is an item that is the same as this one. O(length). */
  includes(item: T): boolean {
    return this.#find(item, 0, this.length) !== undefined
  }

  /** How many items are the same as this one. O(length). */
  count(item: T): number {
    let count = 0
    for (const each of this) if (sameValueZero(each, item)) count++
    return count
  }

  /** Turns the order of the items round, in place. O(length). */
  reverse(): void {
    for (let left = 0, right = this.length - 1; left < right; left++, right--) {
      const item = this.at(left) as T
      this.set(left, this.at(right) as T)
      this.set(right, item)
    }
  }

  /** A deque of the same items, with the same `maxlen`. O(length). */
  copy(): Deque<T> {
    return new Deque(this, { maxlen: this.maxlen })
  }

  /** A copy that is extended with items. O(length + items). */
  concat(items: Iterable<T>): Deque<T> {
    const copy = this.copy()
    copy.extend(items)
    return copy
  }

  /**
   * A deque of the same items so many times, with the same `maxlen`. O(length of what is given).
   *
   * @throws TypeError when `times` is no number
   * @throws RangeError when it is no integer from 0 on, or gives more than 67 108 864 items
   */
  repeat(times: number): Deque<T> {
    checkCount('times', times, 0)
    const { length, maxlen } = this
    const most = Math.min(length * times, maxlen)
    if (most > largest) throw new RangeError(`a deque holds ${largest} items at most, not ${inspect(most)}`)
    const repeated = new Deque<T>([], { maxlen })
    for (let added = 0; added < most; added += length) repeated.extend(this)
    return repeated
  }

  /**
   * Whether another deque has the same items in the same order, whatever its `maxlen`. O(length).
   *
   * @param same whether two items are; SameValueZero by default
   * @throws TypeError when `other` is no deque, or `same` no function
   * @throws RuntimeError when `same` adds or removes items
   */
  equals<U = T>(other: Deque<U>, same: (item: T, other: U) => boolean = sameValueZero): boolean {
    checkOperands(other, 'same', same)
    if (this.length !== other.length) return false
    const others = other.values()
    for (const item of this) if (!same(item, others.next().value as U)) return false
    return true
  }

  /**
   * How this deque is ordered against another one: by the first items that differ, and by length when there are none, as Python's
   * `<` does. O(length).
   *
   * @param compare as for `Array.prototype.sort`
   * @returns a negative number, 0, or a positive one
   * @throws TypeError when `other` is no deque, or `compare` no function
   * @throws RuntimeError when `compare` adds or removes items
   */
  compare<U = T>(other: Deque<U>, compare: (item: T, other: U) => number): number {
    checkOperands(other, 'compare', compare)
    const others = other.values()
    for (const item of this) {
      const { done, value } = others.next()
      if (done) return 1
      const order = compare(item, value)
      // What is NaN orders nothing, as in sort.
      if (order < 0 || order > 0) return order
    }
    return this.length - other.length
  }

  /** How `console.log` shows it. */
  [inspect.custom](): object {
    const view = View.from(this)
    return this.maxlen === Infinity ? view : Object.assign(view, { maxlen: this.maxlen })
  }

  #find(item: T, start: number, stop: number) {
    for (let i = start; i < stop; i++) if (sameValueZero(this.at(i), item)) return i
    return undefined
  }
}

/** An array that is shown under the name of a deque. */
const View = class Deque<T> extends Array<T> {}

function checkOperands(other: unknown, name: string, value: unknown) {
  if (!(other instanceof Deque)) throw new TypeError(`other must be a Deque, not ${inspect(other)}`)
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, not ${inspect(value)}`)
}
