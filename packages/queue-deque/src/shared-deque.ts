import { type InspectOptions, inspect } from 'node:util'
import { markAsUncloneable } from 'node:worker_threads'
import type { WaitOptions } from '@fosen/queue'
import { shareable } from '@fosen/shared-memory'
import { AsyncWaits } from './shared/async-waits.ts'
import { DequeEnd } from './shared/deque-end.ts'
import { DequeMemory, type DequeMemoryOptions } from './shared/deque-memory.ts'
import { ITEMS, ROOM } from './shared/wait-places.ts'

export interface SharedDequeOptions {
  /**
   * Bytes that the items may take together, up to the next power of two: 1 MiB by default, 1 GiB at most. An item takes 12
   * bytes besides its own. Memory that was never used takes no room.
   */
  readonly capacity?: number | undefined
  /** The `buffer` of another thread's deque, to make this one the same; in the place of a `capacity`. */
  readonly buffer?: SharedArrayBuffer | undefined
}

/**
 * A deque in shared memory, for any number of threads that append to it and pop from it, at both ends; passes to another
 * thread as an argument.
 *
 * Each item goes to one thread. Those that one thread appends at an end are popped from the other end in that order. Who
 * waits is woken when there is something for it; who comes first may still take it, and waiters are not served in order,
 * but for the promises of one thread.
 *
 * When a thread dies, at whatever instruction, no item comes twice, and at most those are lost that the pop which it was in
 * would have given, or promises that it had not gone on with; what it was appending is in the deque or not. Others go on at
 * once, or, if it died while it changed the deque, within 200 ms: as long as the thread that started it is in its event loop
 * or in a wait of fosen.
 *
 * Values are copied, as `structuredClone` would: anything that consists of primitives, arrays, plain objects, Maps, Sets,
 * dates, errors, ArrayBuffers, typed arrays, and Buffers, which stay Buffers. Functions, symbols, instances of classes
 * and SharedArrayBuffers are refused by a TypeError that names the path to the first of them, before anything is appended;
 * what is larger than the deque by a RangeError.
 *
 * A promise that waits keeps its thread alive.
 *
 * @example
 * ```ts
 * import { SharedDeque } from '@fosen/queue-deque'
 * import { asyncCall } from '@fosen/thread-async'
 *
 * export const consume = asyncCall(import.meta, function consume(deque: SharedDeque<string>): string {
 *   return `${deque.popWaitSync()}, ${deque.popWaitSync()}`
 * })
 *
 * if (import.meta.main) {
 *   const deque = new SharedDeque<string>()
 *   const consumed = consume(deque)
 *   deque.appendLeft('first')
 *   deque.appendLeft('second')
 *   console.log(await consumed)
 * }
 * ```
 * ```text
 * first, second
 * ```
 * @see https://docs.python.org/3/library/collections.html#collections.deque
 */
export class SharedDeque<T> implements Disposable {
  readonly #memory: DequeMemory
  readonly #left: DequeEnd<T>
  readonly #right: DequeEnd<T>

  /**
   * @param internal for tests
   * @throws RangeError, TypeError when an option is bad, or both are given
   */
  constructor({ capacity, buffer }: SharedDequeOptions = {}, internal?: DequeMemoryOptions) {
    if (capacity !== undefined && buffer !== undefined)
      throw new TypeError('a buffer has its capacity: give one of both')
    const memory = buffer === undefined ? DequeMemory.make(capacity, internal) : DequeMemory.of(buffer, internal)
    const waits = { consumers: new AsyncWaits(memory, ITEMS), producers: new AsyncWaits(memory, ROOM) }
    this.#memory = memory
    this.#left = new DequeEnd(memory, waits, true)
    this.#right = new DequeEnd(memory, waits, false)
    markAsUncloneable(this)
  }

  /** The memory that all threads share, for those that make their own deque of it. */
  get buffer(): SharedArrayBuffer {
    return this.#memory.buffer
  }

  /** Bytes that the items may take together. */
  get capacity(): number {
    return this.#memory.capacity
  }

  /** How many items there are at this moment. */
  get length(): number {
    return this.#memory.count()
  }

  get closed(): boolean {
    return this.#memory.isClosed
  }

  /**
   * Adds a value at the right end; false when there is no room for it, and it was not added.
   *
   * @throws TypeError when the value is no data; RangeError when it is larger than the deque
   * @throws DequeClosedError
   */
  append(value: T): boolean {
    return this.#right.push(value)
  }

  /** As `append`, at the left end. */
  appendLeft(value: T): boolean {
    return this.#left.push(value)
  }

  /**
   * Adds the value, as it is now, at the right end once there is room for it, in turn with others that this thread waits
   * for so.
   *
   * An abort rejects with `signal.reason`, and the value is not added. A large value may have to wait as long as others
   * append smaller ones.
   *
   * @param options.timeout milliseconds; by default it waits for ever
   * @throws as `append`; TimeoutError when the time is over
   */
  appendWait(value: T, options?: WaitOptions): Promise<void> {
    return this.#right.pushWait(value, options)
  }

  /** As `appendWait`, at the left end. */
  appendLeftWait(value: T, options?: WaitOptions): Promise<void> {
    return this.#left.pushWait(value, options)
  }

  /**
   * Adds the value at the right end; blocks the thread until there is room for it.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @throws as `append`; TimeoutError when the time is over
   */
  appendWaitSync(value: T, timeout?: number): void {
    this.#right.pushWaitSync(value, timeout)
  }

  /** As `appendWaitSync`, at the left end. */
  appendLeftWaitSync(value: T, timeout?: number): void {
    this.#left.pushWaitSync(value, timeout)
  }

  /**
   * Adds values at the right end, one after the other, as long as there is room: faster than one by one. It looks
   * at none behind those that would fill an empty deque.
   *
   * @returns how many were added, which are the first ones; of other threads, some may come between them
   * @throws as `append` for each that it looks at, and then none was added
   */
  pushMany(values: readonly T[]): number {
    return this.#right.pushMany(values)
  }

  /** As `pushMany`, at the left end: the last one that was added is the first one from there. */
  pushLeftMany(values: readonly T[]): number {
    return this.#left.pushMany(values)
  }

  /** Removes the item at the right end and gives it; undefined when there is none. */
  pop(): T | undefined {
    return this.#right.pop()
  }

  /** As `pop`, at the left end. */
  popLeft(): T | undefined {
    return this.#left.pop()
  }

  /**
   * Removes the item at the right end and gives it, once there is one, in turn with others that this thread waits for so.
   *
   * An abort rejects with `signal.reason`, and nothing is taken.
   *
   * @param options.timeout milliseconds; by default it waits for ever
   * @throws TimeoutError when the time is over; DequeClosedError when the deque is closed, and empty
   */
  popWait(options?: WaitOptions): Promise<T> {
    return this.#right.popWait(options)
  }

  /** As `popWait`, at the left end. */
  popLeftWait(options?: WaitOptions): Promise<T> {
    return this.#left.popWait(options)
  }

  /**
   * Removes the item at the right end and gives it; blocks the thread until there is one.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @throws TimeoutError when the time is over; DequeClosedError when the deque is closed, and empty
   */
  popWaitSync(timeout?: number): T {
    return this.#right.popWaitSync(timeout)
  }

  /** As `popWaitSync`, at the left end. */
  popLeftWaitSync(timeout?: number): T {
    return this.#left.popWaitSync(timeout)
  }

  /** Removes up to `max` items from the right end and gives them, the rightmost first: faster than one by one. */
  popMany(max: number): T[] {
    return this.#right.popMany(max)
  }

  /** As `popMany`, from the left end, the leftmost first. */
  popLeftMany(max: number): T[] {
    return this.#left.popMany(max)
  }

  /** Removes all items. */
  clear(): void {
    this.#memory.clear()
  }

  /**
   * Ends the deque, for all threads: nothing can be appended any more, and appends that wait fail; what is there can be
   * popped, and then pops that wait fail, each with a DequeClosedError. To close it again changes nothing.
   */
  close(): void {
    this.#memory.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { length, capacity, closed } = this
    return `SharedDeque ${inspect({ length, capacity, closed }, options)}`
  }
}

shareable(import.meta, SharedDeque, {
  share: deque => deque.buffer,
  receive: buffer => new SharedDeque({ buffer }),
})
