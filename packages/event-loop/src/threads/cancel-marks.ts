/** Places for marks: a power of two. */
const places = 256

/**
 * Tells a loop, also one that is too busy to take in a message, what its sender has cancelled.
 *
 * Ids are integers of 32 bits, and not 0. A mark stands until another one takes its place.
 */
export class CancelMarks {
  readonly buffer: SharedArrayBuffer
  readonly #ids: Int32Array<SharedArrayBuffer>

  constructor(buffer = new SharedArrayBuffer(4 * places)) {
    this.buffer = buffer
    this.#ids = new Int32Array(buffer)
  }

  add(id: number): void {
    Atomics.store(this.#ids, id & (places - 1), id)
  }

  has(id: number): boolean {
    return Atomics.load(this.#ids, id & (places - 1)) === id
  }
}
