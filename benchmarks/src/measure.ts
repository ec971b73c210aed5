import { type Comparison, compare } from './compare.ts'
import { type Gate, leastRepetitions, passes } from './gate.ts'
import type { MissingPeer, Workload } from './workload.ts'

export interface MeasureOptions {
  readonly repetitions: number
  /** Whether gates are judged. */
  readonly judge: boolean
  /** In place of the workload's own gate. */
  readonly gate?: Gate | undefined
  readonly now?: () => number
}

export interface Result {
  readonly title: string
  readonly operations: number
  readonly missing: readonly MissingPeer[]
  /** The one that was judged, if any. */
  readonly gate?: Gate | undefined
  /** Two when the first has missed the gate. */
  readonly comparisons: readonly [Comparison] | readonly [Comparison, Comparison]
  readonly passed: boolean
}

/**
 * Compares, and judges the gate: one that is missed is run once more in full, and the second time decides. A peer that is
 * missing misses it.
 *
 * @throws Error when a run gives anything but what is expected
 */
export async function measure(workload: Workload, options: MeasureOptions): Promise<Result> {
  const { title, operations, contenders } = workload
  const { judge, now, gate = workload.gate } = options
  const missing = contenders.filter(contender => 'missing' in contender)
  const repetitions = judge ? Math.max(options.repetitions, leastRepetitions(workload.gate)) : options.repetitions
  // One repetition is for a look at what works: nothing can be said of its time.
  const warmUp = repetitions === 1 ? 0 : workload.warmUp
  const first = await compare({ ...workload, warmUp }, repetitions, now)
  if (!judge || !gate) return { title, operations, missing, comparisons: [first], passed: true }
  const judged = { title, operations, missing, gate }
  if (passes(gate, first) || missing.length > 0) {
    return { ...judged, comparisons: [first], passed: missing.length === 0 }
  }
  const second = await compare(workload, repetitions, now)
  return { ...judged, comparisons: [first, second], passed: passes(gate, second) }
}
