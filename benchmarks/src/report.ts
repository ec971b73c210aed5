import type { Result } from './compare.ts'

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const percent = new Intl.NumberFormat('en-US', { style: 'percent' })

/** A result as a table. */
export function toTable({ title, rows, gate, ratio }: Result): string {
  const lines = rows.map(row => {
    const speed = number.format(row.operationsPerSecond).padStart(12)
    return `  ${row.name.padEnd(12)}${speed} operations/s ± ${percent.format(row.spread / 2)}   ours is ${row.ratio.toFixed(2)} × as fast`
  })
  const verdict = gate === undefined ? [] : [`  gate: ${gate} × the best peer; ${ratio >= gate ? 'passed' : 'MISSED'}`]
  return [title, ...lines, ...verdict, ''].join('\n')
}

/** The gates that were missed, a line each. */
export function missedGates(results: readonly Result[]): string[] {
  return results.flatMap(({ title, gate, ratio }) =>
    gate !== undefined && !(ratio >= gate) ? [`${title}: ${ratio.toFixed(2)} ×, not ${gate} ×`] : [],
  )
}
