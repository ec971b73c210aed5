/**
 * What has become of a call, in the two lowest bits of its state; the bits above are the thread that took it.
 *
 *   FREE ──▶ READY ──▶ RUNNING ──▶ DONE ──▶ FREE
 *              └──▶ FREE, when its caller takes it back
 */
const FREE = 0
const READY = 1
const RUNNING = 2
const DONE = 3

/** Words before the entries: each of those that are written by turns has a cache line of its own. */
const HEAD = 0
const TAIL = 16
const ENTRIES = 32

/**
 * The calls of one caller that wait for a thread, in shared memory: one thread publishes them, any number take them, in
 * order, each call once.
 *
 *   head │ tail │ entries: numbers of slots, as they were published │ states: one for each slot
 *
 * A call is taken by one exchange of its state, which names the thread that takes it; so there is no moment at which a
 * thread that dies could leave it unknown what became of a call. Head and entries only tell where to look:
 *
 * Invariant: no slot is READY whose entry is before the head. The head passes an entry only after its slot was seen not
 * to be READY while the head was there, and what is READY again later has a later entry.
 */
export class CallRing {
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #states: number
  readonly #mask: number

  /** Words that it takes. */
  static words(slots: number): number {
    return ENTRIES + 2 * slots + slots
  }

  /**
   * @param words shared by all sides, `CallRing.words(slots)` of them
   * @param slots a power of two
   */
  constructor(words: Int32Array<SharedArrayBuffer>, slots: number) {
    this.#words = words
    // More entries than slots: those of calls that were taken back stay until the head passes them.
    this.#mask = 2 * slots - 1
    this.#states = ENTRIES + 2 * slots
  }

  /** For the caller: has threads take the call of a free slot. False when there is no entry for it: then another waits. */
  publish(slot: number): boolean {
    const tail = Atomics.load(this.#words, TAIL)
    if (!this.#hasRoom(tail)) return false
    Atomics.store(this.#words, ENTRIES + (tail & this.#mask), slot)
    Atomics.store(this.#words, this.#states + slot, READY)
    Atomics.store(this.#words, TAIL, tail + 1)
    return true
  }

  /** For the caller: takes a call back that no thread has taken. */
  takeBack(slot: number): boolean {
    return Atomics.compareExchange(this.#words, this.#states + slot, READY, FREE) === READY
  }

  /** For a thread: takes the call that has waited longest; -1 when none waits. */
  take(thread: number): number {
    for (;;) {
      const head = Atomics.load(this.#words, HEAD)
      if (head === Atomics.load(this.#words, TAIL)) return -1
      const slot = Atomics.load(this.#words, ENTRIES + (head & this.#mask))
      const taken = Atomics.compareExchange(this.#words, this.#states + slot, READY, stateOf(RUNNING, thread)) === READY
      Atomics.compareExchange(this.#words, HEAD, head, head + 1)
      if (taken) return slot
    }
  }

  /** For the caller: gives the call of a free slot to a thread, past the others. */
  assign(slot: number, thread: number): void {
    Atomics.store(this.#words, this.#states + slot, stateOf(RUNNING, thread))
  }

  /** For the thread that has the call: it has run, and its result is where its caller will find it. */
  finish(slot: number, thread: number): void {
    Atomics.store(this.#words, this.#states + slot, stateOf(DONE, thread))
  }

  /** For the caller: the slot of a call that has run may be used again. */
  free(slot: number): void {
    Atomics.store(this.#words, this.#states + slot, FREE)
  }

  /** The thread that took the call; 0 when none has. */
  threadOf(slot: number): number {
    return Atomics.load(this.#words, this.#states + slot) >>> 2
  }

  /** Whether the thread that took the call has finished it. */
  isDone(slot: number): boolean {
    return (Atomics.load(this.#words, this.#states + slot) & 3) === DONE
  }

  /** How many calls wait, counting those that were taken back and not passed yet. The counters may wrap; their difference does not. */
  get waiting(): number {
    return (Atomics.load(this.#words, TAIL) - Atomics.load(this.#words, HEAD)) | 0
  }

  /** Whether there is an entry for one more call; if need be the head passes one whose slot is not READY. */
  #hasRoom(tail: number): boolean {
    const head = Atomics.load(this.#words, HEAD)
    if (((tail - head) | 0) <= this.#mask) return true
    const slot = Atomics.load(this.#words, ENTRIES + (head & this.#mask))
    if ((Atomics.load(this.#words, this.#states + slot) & 3) === READY) return false
    // Where that fails, a thread has passed it.
    Atomics.compareExchange(this.#words, HEAD, head, head + 1)
    return true
  }
}

const stateOf = (kind: number, thread: number) => (thread << 2) | kind
