import type { Comparison } from './compare.ts'

/** What ours must reach. */
export type Gate =
  | {
      /** So many times the speed of the best peer; up to 1 it is a gate of parity. */
      readonly timesPeer: number
    }
  | {
      /** The longest that a run of ours may take, whatever the peers take. */
      readonly milliseconds: number
    }

/** By how many repetitions a gate is judged at least: where a tie passes, chance must not decide. */
export function leastRepetitions(gate: Gate | undefined): number {
  return gate && 'timesPeer' in gate && gate.timesPeer <= 1 ? 15 : 7
}

export function passes(gate: Gate, { rows, best }: Comparison): boolean {
  if ('milliseconds' in gate) return rows[0].milliseconds <= gate.milliseconds
  return best !== undefined && best.ratio >= gate.timesPeer
}

/** What a comparison has found of that which the gate asks for. */
export function reached(gate: Gate, { rows, best }: Comparison): string {
  if ('milliseconds' in gate) return `${rows[0].milliseconds.toFixed(0)} ms`
  return best ? `${best.ratio.toFixed(2)} × ${best.name}` : 'no peer'
}

export function describeGate(gate: Gate): string {
  return 'milliseconds' in gate ? `at most ${gate.milliseconds} ms` : `at least ${gate.timesPeer} × the best peer`
}
