import type { Comparison } from './compare.ts'
import { describeGate, reached } from './gate.ts'
import type { Result } from './measure.ts'

const percent = new Intl.NumberFormat('en-US', { style: 'percent' })
const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A result as tables, one for each comparison. */
export function toTable({ title, operations, missing, gate, comparisons, passed }: Result): string {
  const width = Math.max(12, ...[...comparisons[0].rows, ...missing].map(({ name }) => name.length))
  const verdict = gate ? [`  gate: ${describeGate(gate)}; ${passed ? 'passed' : 'MISSED'}`] : []
  return [
    title,
    ...comparisons.flatMap((comparison, index) => [
      ...(index > 0 ? ['  missed, and run once more:'] : []),
      ...rows(comparison, operations, width),
    ]),
    ...missing.map(peer => `  ${peer.name.padEnd(width)} is missing: ${peer.missing}`),
    ...verdict,
    '',
  ].join('\n')
}

function rows({ rows: [ours, ...peers], best }: Comparison, operations: number, width: number): string[] {
  const line = ({ name, milliseconds, operationsPerSecond, spread, bytes }: typeof ours) =>
    `  ${name.padEnd(width)}${formatDuration(milliseconds / operations).padStart(10)} ± ${percent.format(spread / 2).padEnd(4)}` +
    `${count.format(operationsPerSecond).padStart(11)} operations/s` +
    (bytes === undefined ? '' : `${count.format(bytes).padStart(8)} bytes each`)
  return [
    line(ours),
    ...peers.map(peer => `${line(peer)}   ours is ${peer.ratio.toFixed(2)} × as fast${peer === best ? ' (best)' : ''}`),
  ]
}

/** With three digits, in its unit. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toPrecision(3)} s`
  if (milliseconds >= 1) return `${milliseconds.toPrecision(3)} ms`
  if (milliseconds >= 0.001) return `${(milliseconds * 1000).toPrecision(3)} µs`
  return `${(milliseconds * 1e6).toPrecision(3)} ns`
}

/** The gates that were missed, a line each. */
export function missedGates(results: readonly Result[], where = ''): string[] {
  return results.flatMap(({ title, gate, comparisons, missing, passed }) => {
    if (passed || !gate) return []
    const found = [
      comparisons.map(comparison => reached(gate, comparison)).join(', then '),
      ...missing.map(peer => `${peer.name} is missing: ${peer.missing}`),
    ]
    return `${title}${where}: ${found.join('; ')}; the gate is ${describeGate(gate)}`
  })
}
