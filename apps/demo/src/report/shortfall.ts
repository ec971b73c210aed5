import { formatNumber } from '../format-number.ts'
import type { Outcome } from '../pipeline/outcome.ts'

/** What a run has not done, as a sentence; undefined when it has done everything. */
export function describeShortfall({ end, reason, rows, found, lost, walked }: Outcome): string | undefined {
  if (end === 'done') {
    return lost === 0 ? undefined : `the queue has lost ${formatNumber(lost)} of ${formatNumber(found)} files found`
  }
  const missing = `${formatNumber(found - rows.length)} of ${formatNumber(found)} files found are not in the index`
  return `${end === 'gone' ? reason : end}: ${missing}${walked ? '' : ', and the folder was not walked to its end'}`
}
