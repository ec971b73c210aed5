// A slot is the number of a token, 0 when the slot is free; until when its lease is extended at most; and for how long it
// is while the event loop does not answer, in milliseconds.
const width = 3
const fewestSlots = 64

/** Milliseconds by a clock that all threads of the process share. */
export function processTime(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000 + nanoseconds / 1_000_000
}

/**
 * The leases that a consumer holds, in shared memory: its thread writes them, and the heartbeat's reads them, also while
 * that of the consumer is busy. No lock is needed: what is read while it changes is a lease that was just taken, which
 * has time, or one that has just ended, and extending that does nothing.
 */
export class LeaseTable {
  #memory: Float64Array<SharedArrayBuffer>
  #free: number[] = []
  #used = 0

  constructor() {
    this.#memory = new Float64Array(new SharedArrayBuffer(fewestSlots * width * Float64Array.BYTES_PER_ELEMENT))
  }

  get buffer(): SharedArrayBuffer {
    return this.#memory.buffer
  }

  /**
   * @param end until when the lease is to be extended, as `processTime` counts
   * @returns its slot, for `remove`; and whether there is another buffer, since the old one was full
   */
  add(number: number, end: number): { slot: number; hasGrown: boolean } {
    const slot = this.#free.pop() ?? this.#used++
    const hasGrown = (slot + 1) * width > this.#memory.length
    if (hasGrown) this.#grow()
    this.#memory[slot * width + 1] = end
    this.#memory[slot * width + 2] = Infinity
    this.#memory[slot * width] = number
    return { slot, hasGrown }
  }

  /** @param ms for how long the lease is extended while the event loop does not answer; Infinity before */
  limit(slot: number, ms: number): void {
    this.#memory[slot * width + 2] = ms
  }

  remove(slot: number): void {
    this.#memory[slot * width] = 0
    this.#free.push(slot)
  }

  #grow() {
    const memory = new Float64Array(new SharedArrayBuffer(2 * this.#memory.byteLength))
    memory.set(this.#memory)
    this.#memory = memory
  }
}

/**
 * The numbers of the tokens in a table: of those whose leases are to be extended, and of the others.
 *
 * @param time as `processTime` counts
 * @param silence for how long the event loop has not answered, in milliseconds
 */
export function heldTokens(
  buffer: SharedArrayBuffer,
  time: number,
  silence: number,
): { extended: number[]; watched: number[] } {
  const memory = new Float64Array(buffer)
  const extended: number[] = []
  const watched: number[] = []
  for (let at = 0; at < memory.length; at += width) {
    const number = memory[at] as number
    if (number === 0) continue
    const isExtended = time < (memory[at + 1] as number) && silence <= (memory[at + 2] as number)
    const list = isExtended ? extended : watched
    list.push(number)
  }
  return { extended, watched }
}
