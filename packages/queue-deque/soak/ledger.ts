/** Threads at a time; each one, with those that take its place, has a slot. */
export const slots = 4

/** What threads are to do. */
export const [REST, RUN, END] = [0, 1, 2]
/** What each of them does. A new one is not there, until it has started. */
export const [GONE, RESTING, RUNNING] = [0, 1, 2]

/** The cells; one for each slot follows after `states`, `calls` and `longest`. */
export const cell = {
  /** REST, RUN or END. */
  phase: 0,
  /** The number of the next item of this round. */
  next: 1,
  /** Microseconds for which the machine had no time for any thread. */
  stalled: 2,
  /** GONE, RESTING, or RUNNING when the thread may be in an operation. */
  states: 3,
  /** The most items that the pop may give which the thread is in; 0 when it is in none. */
  calls: 3 + slots,
  /** The longest that an operation took, in microseconds, but for the time in which the machine was stalled. */
  longest: 3 + 2 * slots,
} as const

export type Cells = Int32Array<SharedArrayBuffer>
export const makeCells = (): Cells => new Int32Array(new SharedArrayBuffer(4 * (3 + 3 * slots)))

/** Items that a round may have. */
export const mostItems = 2 ** 18

/** What became of an append, in the lowest bits of an item's entry; then who made it, and how often it was popped. */
export const [NONE, BEGUN, APPENDED, REFUSED] = [0, 1, 2, 3]
const slotShift = 2
const poppedShift = 4

/** What is known of each item of a round. A thread that dies leaves it as true as it was. */
export class Ledger {
  readonly items: Int32Array<SharedArrayBuffer>

  constructor(items = new Int32Array(new SharedArrayBuffer(4 * mostItems))) {
    this.items = items
  }

  begin(item: number, slot: number): void {
    Atomics.store(this.items, item, BEGUN | (slot << slotShift))
  }

  end(item: number, outcome: typeof APPENDED | typeof REFUSED): void {
    Atomics.xor(this.items, item, BEGUN ^ outcome)
  }

  pop(item: number): void {
    Atomics.add(this.items, item, 1 << poppedShift)
  }

  outcomeOf(item: number): number {
    return Atomics.load(this.items, item) & 3
  }

  makerOf(item: number): number {
    return (Atomics.load(this.items, item) >>> slotShift) & 3
  }

  /** How often it was popped. */
  poppedOf(item: number): number {
    return Atomics.load(this.items, item) >>> poppedShift
  }
}
