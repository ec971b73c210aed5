import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Row } from '../compare.ts'
import { describeGate } from '../gate.ts'
import type { describeMachine } from '../machine.ts'
import type { Result } from '../measure.ts'
import { formatDuration } from '../report.ts'
import { barChart, rowsOf } from './chart.ts'

/** What the run of a suite has given, or why it did not come to its end. */
export interface SuiteRun {
  readonly suite: string
  readonly results: readonly Result[]
  readonly error?: string | undefined
}

/** Writes what suites have found to `file`, as Markdown, and the chart of each beside it. */
export function writePage(file: string, machine: ReturnType<typeof describeMachine>, runs: readonly SuiteRun[]): void {
  mkdirSync(dirname(file), { recursive: true })
  for (const { suite, results } of runs) {
    if (results.length > 0) writeFileSync(join(dirname(file), `${suite}.svg`), barChart(suite, results))
  }
  writeFileSync(file, toPage(machine, runs))
}

export function toPage(machine: ReturnType<typeof describeMachine>, runs: readonly SuiteRun[]): string {
  const { cpus, cpu, memory, platform, arch, node } = machine
  const where = `${cpus} × ${cpu}, ${(memory / 2 ** 30).toFixed(0)} GiB, ${platform} ${arch}, Node ${node}`
  return [
    '# Benchmarks',
    `Run on ${where}, ${new Date().toISOString().slice(0, 10)}, by \`pnpm bench\`. A time is the median of the runs, for one ` +
      'operation, ± half the way between their quartiles; a ratio is the median of those within a repetition. From 0.8 to ' +
      '1.3 is a tie. In the charts a longer bar is faster.',
    ...runs.flatMap(toSection),
    '',
  ].join('\n\n')
}

function toSection({ suite, results, error }: SuiteRun): string[] {
  return [
    `## ${suite}`,
    ...(error === undefined ? [] : [`It did not come to its end: ${error}`]),
    ...(results.length > 0 ? [`![speed of each contender of ${suite}](${suite}.svg)`] : []),
    ...results.flatMap(toTable),
  ]
}

function toTable(result: Result): string[] {
  const { title, operations, missing, gate, passed } = result
  const [ours, ...peers] = rowsOf(result)
  const columns = [ours, ...peers].some(({ bytes }) => bytes !== undefined) ? 5 : 4
  const line = (...cells: string[]) => `| ${cells.slice(0, columns).join(' | ')} |`
  const row = ({ name, milliseconds, spread, operationsPerSecond, bytes }: Row, ratio: string) =>
    line(
      escapePipes(name),
      `${formatDuration(milliseconds / operations)} ± ${(50 * spread).toFixed(0)} %`,
      shown(operationsPerSecond),
      ratio,
      bytes === undefined ? '' : shown(bytes),
    )
  return [
    `### ${title}`,
    [
      line('', 'an operation', 'operations/s', 'ours is', 'bytes each'),
      `|${'---|'.repeat(columns)}`,
      row(ours, ''),
      ...peers.map(peer => row(peer, `${peer.ratio.toFixed(2)} × as fast`)),
      ...missing.map(peer => line(escapePipes(peer.name), `missing: ${escapePipes(peer.missing)}`, '', '', '')),
    ].join('\n'),
    ...(gate ? [`Gate: ${describeGate(gate)}; ${passed ? 'passed' : 'missed'}.`] : []),
  ]
}

const shown = (count: number) => Math.round(count).toLocaleString('en-US')
const escapePipes = (text: string) => text.replaceAll('|', '\\|')
