import { type Frames, wordsOf } from './frames.ts'
import type { Words } from './words.ts'

/** Words of an item in the ring besides its bytes. */
const frameWords = 3

/** Words that an item takes in the ring, by those that it takes in a list. */
export const wordsInRing = (words: number) => words + frameWords - 1

/** The most words that are copied at a time, but for a single item that is longer: nobody else has the lock meanwhile. */
const round = 2 ** 14

/** Up to so many words a loop is faster than `set`. */
const few = 64

/**
 * A deque of byte strings in a ring of words, for whoever has the lock.
 *
 *        head                                                    tail
 *   free │ length │ index │ bytes, up to a word │ length │ …  │ length │ free
 *        └────────────── an item ──────────────────────┘
 *
 * Head and tail count words and never stop; their lowest bits tell the place in the ring, which is a power of two long.
 * `length` stands on both sides of an item, so that it can be taken from either end. `index` goes up by one from item to
 * item, so that the first and the last one tell how many there are.
 *
 * Invariant: what lies from head to tail is whole. An operation writes to free words only, and then either adds or removes
 * its items by one store, to head or to tail: whoever dies anywhere in it has done all or nothing.
 */
export class ByteRing {
  /** Words of the ring. */
  readonly size: number
  readonly #words: Words
  readonly #head: number
  readonly #tail: number
  readonly #start: number
  readonly #mask: number

  /**
   * @param words of the deque's memory
   * @param head where in them the head is; and the tail
   * @param start where in them the ring begins, which goes to their end and is a power of two long
   */
  constructor(words: Words, head: number, tail: number, start: number) {
    this.#words = words
    this.#head = head
    this.#tail = tail
    this.#start = start
    this.size = words.array.length - start
    this.#mask = this.size - 1
  }

  get isEmpty(): boolean {
    return this.free === this.size
  }

  /** Words that are free. */
  get free(): number {
    const [head, tail] = this.#edges()
    return this.size - ((tail - head) | 0)
  }

  /** How many items there are. */
  get count(): number {
    const [head, tail] = this.#edges()
    return head === tail ? 0 : (this.#indexOf(this.#last(tail)) - this.#indexOf(head) + 1) | 0
  }

  /** Adds the next items of the list at an end, as many as there is room for, and gives how many. */
  push(frames: Frames, left: boolean): number {
    const [head, tail] = this.#edges()
    let { free } = this
    let edge = left ? head : tail
    let index = head === tail ? 0 : left ? this.#indexOf(head) - 1 : this.#indexOf(this.#last(tail)) + 1
    let pushed = 0
    const { words } = frames
    for (const start = frames.at; frames.at < frames.end && frames.at - start < round; pushed++) {
      const length = words[frames.at] as number
      const count = wordsOf(length)
      const needed = frameWords + count
      if (needed > free) break
      free -= needed
      const at = left ? edge - needed : edge
      this.#set(at, length)
      this.#set(at + 1, index)
      this.#write(words, frames.at + 1, at + 2, count)
      this.#set(at + needed - 1, length)
      frames.at += 1 + count
      edge = left ? at : at + needed
      index += left ? -1 : 1
    }
    if (pushed > 0) this.#words.store(left ? this.#head : this.#tail, edge)
    return pushed
  }

  /** Removes items from an end and adds them to the list: `most`, or as many as there are. Gives how many. */
  pop(most: number, left: boolean, frames: Frames): number {
    const [head, tail] = this.#edges()
    let edge = left ? head : tail
    const other = left ? tail : head
    let popped = 0
    for (const start = frames.end; popped < most && edge !== other && frames.end - start < round; popped++) {
      const at = left ? edge : this.#last(edge)
      const length = this.#get(at)
      const count = wordsOf(length)
      frames.reserve(1 + count)
      frames.words[frames.end] = length
      this.#read(at + 2, frames.words, frames.end + 1, count)
      frames.end += 1 + count
      edge = left ? (at + frameWords + count) | 0 : at
    }
    if (popped > 0) this.#words.store(left ? this.#head : this.#tail, edge)
    return popped
  }

  clear(): void {
    this.#words.store(this.#head, this.#words.get(this.#tail))
  }

  #edges(): [head: number, tail: number] {
    return [this.#words.get(this.#head), this.#words.get(this.#tail)]
  }

  /** Where the last item before an edge begins. */
  #last(edge: number): number {
    return (edge - frameWords - wordsOf(this.#get(edge - 1))) | 0
  }

  #indexOf(at: number): number {
    return this.#get(at + 1)
  }

  #get(at: number): number {
    return this.#words.get(this.#start + (at & this.#mask))
  }

  #set(at: number, value: number) {
    this.#words.set(this.#start + (at & this.#mask), value)
  }

  #write(from: Int32Array, start: number, at: number, count: number) {
    if (count <= few) {
      for (let i = 0; i < count; i++) this.#set(at + i, from[start + i] as number)
      return
    }
    const place = at & this.#mask
    const first = Math.min(count, this.size - place)
    this.#words.array.set(from.subarray(start, start + first), this.#start + place)
    this.#words.array.set(from.subarray(start + first, start + count), this.#start)
  }

  #read(at: number, into: Int32Array, start: number, count: number) {
    if (count <= few) {
      for (let i = 0; i < count; i++) into[start + i] = this.#get(at + i)
      return
    }
    const ring = this.#words.array.subarray(this.#start)
    const place = at & this.#mask
    const first = Math.min(count, this.size - place)
    into.set(ring.subarray(place, place + first), start)
    into.set(ring.subarray(0, count - first), start + first)
  }
}
