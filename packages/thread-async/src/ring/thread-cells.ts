/** What a thread is about; a number from 1 on says that it is likely to take so many calls without being woken. */
const AWAKE = 0
const PARKED = -1
const DOZING = -2
const WOKEN = -3

/** Words: what the thread is about, how many calls it has, how many messages it has sent, results announced. */
const STATE = 0
const TAKEN = 16
const SENT = 17
const ANNOUNCED = 32
const RESULTS = 33

/** More than a thread may ever have. */
const closed = 2 ** 24

/**
 * What a pool and one of its threads know of each other, in shared memory: whether the thread must be woken, how many
 * calls it has, and which of its calls have their result, in the order in which they came.
 *
 * A thread has so many calls at a time and no more, whoever gives it one: it takes one itself, from the ring, or its pool
 * sends it one. Whoever does so takes a place first.
 */
export class ThreadCells {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #mask: number
  readonly #places: number
  /** For the pool: results that it has read. */
  #read = 0

  /**
   * @param slots of the pool: so many results may be announced at a time
   * @param places calls that the thread may have at a time
   * @param buffer the memory that the pool has made
   */
  constructor(slots: number, places: number, buffer = new SharedArrayBuffer(4 * (RESULTS + slots))) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
    this.#mask = slots - 1
    this.#places = places
  }

  /** Takes a place for a call, if there is one. */
  takePlace(): boolean {
    for (;;) {
      const taken = Atomics.load(this.#words, TAKEN)
      if (taken >= this.#places) return false
      if (Atomics.compareExchange(this.#words, TAKEN, taken, taken + 1) === taken) return true
    }
  }

  givePlace(): void {
    Atomics.sub(this.#words, TAKEN, 1)
  }

  /** Calls that the thread has. */
  get taken(): number {
    return Atomics.load(this.#words, TAKEN) % closed
  }

  get hasPlace(): boolean {
    return Atomics.load(this.#words, TAKEN) < this.#places
  }

  /** For the pool: the thread gets no further call, until it is opened. */
  close(): void {
    Atomics.add(this.#words, TAKEN, closed)
  }

  open(): void {
    Atomics.sub(this.#words, TAKEN, closed)
  }

  /** For the pool: closes the thread if it has no call. */
  closeIfIdle(): boolean {
    return Atomics.compareExchange(this.#words, TAKEN, 0, closed) === 0
  }

  /** For the thread: it runs, or is about to, and will look for calls afterwards. */
  setAwake(): void {
    if (this.#words[STATE] !== AWAKE) Atomics.store(this.#words, STATE, AWAKE)
  }

  /** For the thread: it will soon have taken so many calls. */
  setLookingFor(calls: number): void {
    if (this.#words[STATE] !== calls) Atomics.store(this.#words, STATE, calls)
  }

  /** For the thread: it must be woken from now on. It looks for calls once more after this. */
  setParked(): void {
    Atomics.store(this.#words, STATE, PARKED)
  }

  /** For the thread, which blocks: sleeps until there is a call or a message for it, for so many milliseconds at the most. */
  doze(hasCall: () => boolean, milliseconds: number): void {
    Atomics.store(this.#words, STATE, DOZING)
    if (!hasCall()) Atomics.wait(this.#words, STATE, DOZING, milliseconds)
    this.setAwake()
  }

  /** For the pool: how many calls the thread is likely to take at once, without being woken. */
  get looksFor(): number {
    const state = Atomics.load(this.#words, STATE)
    if (state > 0) return state
    return state === WOKEN && this.hasPlace ? 1 : 0
  }

  /** For the pool: wakes the thread if it dozes, for whatever is there for it. */
  rouse(): boolean {
    if (Atomics.load(this.#words, STATE) !== DOZING) return false
    if (Atomics.compareExchange(this.#words, STATE, DOZING, WOKEN) !== DOZING) return false
    Atomics.notify(this.#words, STATE)
    return true
  }

  /** For the pool: whether the thread is parked, could take a call, and is to be woken by who asks. */
  takeWake(): boolean {
    return this.hasPlace && Atomics.compareExchange(this.#words, STATE, PARKED, WOKEN) === PARKED
  }

  /** For the thread: the call of the slot has its result. */
  announce(slot: number): void {
    const count = Atomics.load(this.#words, ANNOUNCED)
    Atomics.store(this.#words, RESULTS + (count & this.#mask), slot)
    Atomics.store(this.#words, ANNOUNCED, count + 1)
  }

  /** For the pool: the slot of the next call that has its result; -1 when there is none. */
  nextResult(): number {
    if (!this.hasResult) return -1
    const slot = Atomics.load(this.#words, RESULTS + (this.#read & this.#mask))
    this.#read = (this.#read + 1) | 0
    return slot
  }

  /** For the pool: whether there is a result that it has not read. */
  get hasResult(): boolean {
    return this.#read !== Atomics.load(this.#words, ANNOUNCED)
  }

  /** For the thread, once it has sent a message. */
  countMessage(): void {
    Atomics.add(this.#words, SENT, 1)
  }

  /** For the pool: how many messages the thread has sent, so that it need not look for more. */
  get messages(): number {
    return Atomics.load(this.#words, SENT)
  }
}
