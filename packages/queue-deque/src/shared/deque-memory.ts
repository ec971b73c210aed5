import { inspect } from 'node:util'
import { threadId } from 'node:worker_threads'
import { checkCount } from '@fosen/queue'
import { Mutex, type Parker, threadParker } from '@fosen/shared-memory'
import { DequeClosedError } from '../errors.ts'
import { ByteRing, wordsInRing } from './byte-ring.ts'
import type { Frames } from './frames.ts'
import { ITEMS, type Place, ROOM, WaitPlaces } from './wait-places.ts'
import { Words } from './words.ts'

/** Words, of which those that are written by turns have a cache line of their own; the first one is the lock. */
const FORMAT = 1
const HEAD = 16
const TAIL = 32
const CLOSED = 48
const PLACES = 64
/** Where the ring begins. */
const RING = 16 * Math.ceil((PLACES + WaitPlaces.words) / 16)

/** Says that the memory is a deque's, laid out as here: another layout has another number. */
const format = 0x66647131

/** Bytes. */
const [leastCapacity, usualCapacity, mostCapacity] = [64, 2 ** 20, 2 ** 30]

/** For tests: the thread that uses it, and in the place of what it has for that: the parker, the lock and the memory. */
export interface DequeMemoryOptions {
  readonly thread?: number
  readonly parker?: Parker
  readonly mutex?: Pick<Mutex, 'acquireSync' | 'release'>
  readonly words?: Words
}

/**
 * A SharedDeque as all threads have it: a ring of items, who waits, and a lock for both.
 *
 *   lock │ format │ head │ tail │ closed │ places of those who wait │ ring
 *
 * Values are encoded before the lock is taken and decoded after it was given back: under it are one copy, and the store
 * that makes it count. Nothing is left to be put in order when a thread dies with the lock.
 */
export class DequeMemory {
  readonly buffer: SharedArrayBuffer
  readonly parker: Parker
  readonly #words: Words
  readonly #mutex: Pick<Mutex, 'acquireSync' | 'release'>
  readonly #ring: ByteRing
  readonly places: WaitPlaces

  /** New memory, for items that take so many bytes together, or the next power of two. */
  static make(capacity = usualCapacity, internal?: DequeMemoryOptions): DequeMemory {
    checkCount('capacity', capacity)
    if (capacity > mostCapacity) throw new RangeError(`capacity must be at most ${mostCapacity} bytes, not ${capacity}`)
    const bytes = 2 ** Math.ceil(Math.log2(Math.max(capacity, leastCapacity)))
    const buffer = new SharedArrayBuffer(4 * RING + bytes)
    new Int32Array(buffer)[FORMAT] = format
    return new DequeMemory(buffer, internal)
  }

  /** The memory of another thread's deque. */
  static of(buffer: unknown, internal?: DequeMemoryOptions): DequeMemory {
    if (!isDeque(buffer)) throw new TypeError(`buffer must be that of a SharedDeque, not ${inspect(buffer)}`)
    return new DequeMemory(buffer, internal)
  }

  private constructor(buffer: SharedArrayBuffer, internal: DequeMemoryOptions = {}) {
    this.buffer = buffer
    const { thread = threadId, parker = threadParker(), words = new Words(buffer), mutex } = internal
    this.parker = parker
    this.#words = words
    this.#mutex = mutex ?? new Mutex(buffer, { thread })
    this.#ring = new ByteRing(words, HEAD, TAIL, RING)
    this.places = new WaitPlaces(words, PLACES, thread)
  }

  get isClosed(): boolean {
    return this.#words.load(CLOSED) !== 0
  }

  /** Bytes of the ring. */
  get capacity(): number {
    return 4 * this.#ring.size
  }

  /**
   * Adds items at an end: all that are to be taken from the list, or as many as there is room for.
   *
   * @param place waits for room from then on when there was none; else it leaves
   * @throws DequeClosedError
   */
  push(frames: Frames, left: boolean, place?: Place): number {
    this.#mutex.acquireSync()
    try {
      if (this.#words.get(CLOSED) !== 0) throw new DequeClosedError('the deque is closed')
      const pushed = this.#ring.push(frames, left)
      this.places.wake(ITEMS, pushed)
      if (place) {
        place.need = wordsInRing(frames.end)
        const wasWoken = pushed > 0 ? this.places.leave(place) : this.places.enter(place)
        if (wasWoken) this.#passOn(place)
      }
      return pushed
    } finally {
      this.#unlock()
    }
  }

  /**
   * Removes items from an end, `most` or as many as there are, and adds them to the list.
   *
   * @param place waits for an item from then on when there was none; else it leaves
   * @throws DequeClosedError when it would have to wait
   */
  pop(most: number, left: boolean, frames: Frames, place?: Place): number {
    this.#mutex.acquireSync()
    try {
      const popped = this.#ring.pop(most, left, frames)
      if (popped > 0) this.places.wake(ROOM, this.#ring.free)
      if (place) {
        if (popped === 0 && this.#words.get(CLOSED) !== 0) throw new DequeClosedError('the deque is closed, and empty')
        const wasWoken = popped > 0 ? this.places.leave(place) : this.places.enter(place)
        if (wasWoken) this.#passOn(place)
      }
      return popped
    } finally {
      this.#unlock()
    }
  }

  /** Gives up a wait. */
  leave(place: Place): void {
    if (place.index < 0) return
    this.#mutex.acquireSync()
    try {
      if (this.places.leave(place)) this.#passOn(place)
    } finally {
      this.#unlock()
    }
  }

  count(): number {
    this.#mutex.acquireSync()
    try {
      return this.#ring.count
    } finally {
      this.#unlock()
    }
  }

  clear(): void {
    this.#mutex.acquireSync()
    try {
      this.#ring.clear()
      this.places.wake(ROOM, this.#ring.free)
    } finally {
      this.#unlock()
    }
  }

  close(): void {
    this.#mutex.acquireSync()
    try {
      this.#words.store(CLOSED, 1)
      this.places.wakeAll()
    } finally {
      this.#unlock()
    }
  }

  /** Who was woken and does not need it, or has taken a part of it, wakes the next one. */
  #passOn({ side }: Place) {
    if (side === ROOM) this.places.wake(ROOM, this.#ring.free)
    else if (!this.#ring.isEmpty) this.places.wake(ITEMS, 1)
  }

  #unlock() {
    this.#mutex.release()
    this.places.notify()
  }
}

function isDeque(buffer: unknown): buffer is SharedArrayBuffer {
  if (!(buffer instanceof SharedArrayBuffer)) return false
  const bytes = buffer.byteLength - 4 * RING
  return bytes >= leastCapacity && Number.isInteger(Math.log2(bytes)) && new Int32Array(buffer)[FORMAT] === format
}
