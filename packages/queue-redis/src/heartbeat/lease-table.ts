/** What a slot takes: the number of a token, 0 when the slot is free, and until when its lease is extended. */
const width = 2
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
    this.#memory[slot * width] = number
    return { slot, hasGrown }
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

/** The numbers of the tokens in a table: of those whose leases are to be extended at this time, and of the others. */
export function heldTokens(buffer: SharedArrayBuffer, time: number): { extended: number[]; watched: number[] } {
  const memory = new Float64Array(buffer)
  const extended: number[] = []
  const watched: number[] = []
  for (let at = 0; at < memory.length; at += width) {
    const number = memory[at] as number
    if (number === 0) continue
    const list = time < (memory[at + 1] as number) ? extended : watched
    list.push(number)
  }
  return { extended, watched }
}
