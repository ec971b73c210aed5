import type { MutexGuard } from '@fosen/shared-memory'

/** Threads that increment; each one, with those that take its place, has a slot. */
export const slots = 4

/** The cells; one for each slot follows after `counts`, `longest` and `longestOwn`. Times are in microseconds. */
export const cell = {
  /** 1 when it is time to end. */
  stop: 0,
  /** What is incremented under the mutex, without Atomics. */
  total: 1,
  /** How often the owner had died, and how many increments it had left half-done. */
  takenOver: 2,
  halfDone: 3,
  /** For how long the machine had no time for any thread. */
  stalled: 4,
  /** The increments of each slot. */
  counts: 5,
  /** The longest that each slot was blocked, and the longest but for the time in which the machine was stalled. */
  longest: 5 + slots,
  longestOwn: 5 + 2 * slots,
} as const

export type Cells = Int32Array<SharedArrayBuffer>

export const makeCells = (): Cells => new Int32Array(new SharedArrayBuffer(4 * (5 + 3 * slots)))

/**
 * Under the mutex: checks that every increment is accounted for, and writes one off that a dead owner has left half-done.
 *
 * @throws Error when others are not accounted for
 */
export function balance(cells: Cells, { ownerDied }: MutexGuard): void {
  const accounted = cells.subarray(cell.counts, cell.counts + slots).reduce((sum, count) => sum + count)
  const missing = get(cells, cell.total) - accounted - get(cells, cell.halfDone)
  if (missing !== 0 && !(ownerDied && missing === 1)) throw new Error(`${missing} increments are not accounted for`)
  add(cells, cell.halfDone, missing)
  if (ownerDied) add(cells, cell.takenOver, 1)
}

/** Without Atomics, which only a lock makes safe. */
export function add(cells: Cells, index: number, value: number): void {
  cells[index] = get(cells, index) + value
}

export function get(cells: Cells, index: number): number {
  return cells[index] as number
}
