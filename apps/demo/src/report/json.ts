import type { Outcome } from '../pipeline/outcome.ts'
import { countDeliveries, countUnreadable } from './deliveries.ts'
import { describeShortfall } from './shortfall.ts'

/**
 * What a program wants to know after a run, as one line of JSON.
 *
 * @param out where the index is; undefined when it was not written
 */
export function toJson(outcome: Outcome, folder: string, out: string | undefined): string {
  const { rows, end, killed, milliseconds, threads } = outcome
  const facts = rows.flatMap(row => row.facts ?? [])
  const bytes = facts.reduce((total, file) => total + file.bytes, 0)
  const summary = {
    folder,
    index: out ?? null,
    end,
    shortfall: describeShortfall(outcome) ?? null,
    deliveries: countDeliveries(outcome),
    files: facts.length,
    unreadable: countUnreadable(outcome),
    bytes,
    killed,
    seconds: milliseconds / 1000,
    filesPerSecond: facts.length / (milliseconds / 1000),
    threads,
  }
  return `${JSON.stringify(summary)}\n`
}
