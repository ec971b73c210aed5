import type { Outcome } from '../pipeline/outcome.ts'

const number = new Intl.NumberFormat('en-US')

/** What a run has not done, as a sentence; undefined when it has done everything. */
export function describeShortfall({ end, reason, rows, found, lost, walked }: Outcome): string | undefined {
  if (end === 'done') {
    return lost === 0 ? undefined : `the queue has lost ${number.format(lost)} of ${number.format(found)} files found`
  }
  const missing = `${number.format(found - rows.length)} of ${number.format(found)} files found are not in the index`
  return `${end === 'gone' ? reason : end}: ${missing}${walked ? '' : ', and the folder was not walked to its end'}`
}
