import type { Outcome } from '../pipeline/outcome.ts'

/** What has become of the files that were found: the others add up to `expected`. */
export interface Deliveries {
  readonly expected: number
  /** Have one row, which came once; it may say that the file cannot be read. */
  readonly once: number
  /** Have one row, which came more than once. */
  readonly repeated: number
  /** The work has failed on them each time. */
  readonly dead: number
  readonly lost: number
  /** Were left undone when the run was ended. */
  readonly left: number
}

export function countDeliveries({ found, rows, repeated, dead, lost }: Outcome): Deliveries {
  return {
    expected: found,
    once: rows.length - repeated - dead - lost,
    repeated,
    dead,
    lost,
    left: found - rows.length,
  }
}

/** How many were done, and could not be read; what failed or was lost has no facts either. */
export function countUnreadable({ rows, dead, lost }: Outcome): number {
  return rows.filter(row => row.facts === undefined).length - dead - lost
}
