import type { Comparison, Row } from './compare.ts'

/** What ours must reach. */
export type Gate =
  | {
      /** So many times the speed of the best peer; up to 1 it is a gate of parity. */
      readonly timesPeer: number
      /** The names of the peers that count; all by default. */
      readonly of?: readonly string[]
    }
  | {
      /** The longest that a run of ours may take, whatever the peers take. */
      readonly milliseconds: number
    }
  | {
      /** The most that an operation of ours may hold in memory. */
      readonly bytes: number
    }
  | {
      /** Gates of which none may be missed. */
      readonly all: readonly Gate[]
    }

/** By how many repetitions a gate is judged at least: where a tie passes, chance must not decide. */
export function leastRepetitions(gate: Gate | undefined): number {
  if (gate && 'all' in gate) return Math.max(...gate.all.map(leastRepetitions))
  return gate && 'timesPeer' in gate && gate.timesPeer <= 1 ? 15 : 7
}

/** What a gate asks for of the speed of peers, and at most `floor` times that speed; undefined when it asks for none. */
export function lowerGate(gate: Gate | undefined, floor: number): Gate | undefined {
  if (!gate || 'milliseconds' in gate || 'bytes' in gate) return undefined
  if ('timesPeer' in gate) return { ...gate, timesPeer: Math.min(gate.timesPeer, floor) }
  const all = gate.all.flatMap(each => lowerGate(each, floor) ?? [])
  return all.length > 0 ? { all } : undefined
}

export function passes(gate: Gate, comparison: Comparison): boolean {
  if ('all' in gate) return gate.all.every(each => passes(each, comparison))
  if ('milliseconds' in gate) return comparison.rows[0].milliseconds <= gate.milliseconds
  if ('bytes' in gate) return (comparison.rows[0].bytes ?? Infinity) <= gate.bytes
  const best = bestOf(gate.of, comparison)
  return best !== undefined && best.ratio >= gate.timesPeer
}

/** What a comparison has found of that which the gate asks for. */
export function reached(gate: Gate, comparison: Comparison): string {
  if ('all' in gate) return gate.all.map(each => reached(each, comparison)).join(', ')
  if ('milliseconds' in gate) return `${comparison.rows[0].milliseconds.toFixed(0)} ms`
  if ('bytes' in gate) return `${comparison.rows[0].bytes?.toFixed(0) ?? 'unknown'} bytes each`
  const best = bestOf(gate.of, comparison)
  return best ? `${best.ratio.toFixed(2)} × ${best.name}` : 'no peer'
}

export function describeGate(gate: Gate): string {
  if ('all' in gate) return gate.all.map(describeGate).join(', and ')
  if ('milliseconds' in gate) return `at most ${gate.milliseconds} ms`
  if ('bytes' in gate) return `at most ${gate.bytes} bytes each`
  const { timesPeer, of = [] } = gate
  if (of.length === 1) return `at least ${timesPeer} × ${of[0]}`
  return `at least ${timesPeer} × the best ${of.length > 0 ? `of ${of.join(' and ')}` : 'peer'}`
}

/** The one of these peers that ours is least ahead of. */
function bestOf(names: readonly string[] | undefined, { rows: [, ...peers], best }: Comparison): Row | undefined {
  if (!names) return best
  return peers.filter(({ name }) => names.includes(name)).toSorted((a, b) => a.ratio - b.ratio)[0]
}
