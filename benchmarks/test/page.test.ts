import { expect, test } from 'vitest'
import type { Result } from '../src/measure.ts'
import { barChart } from '../src/page/chart.ts'
import { toPage } from '../src/page/page.ts'

const row = (name: string, milliseconds: number, more = {}) => {
  return { name, milliseconds, operationsPerSecond: 1000 / milliseconds, spread: 0.2, ratio: milliseconds, ...more }
}
const result: Result = {
  title: 'a <b> & c',
  operations: 1,
  missing: [{ name: 'absent', missing: 'pip install it' }],
  gate: { timesPeer: 2 },
  comparisons: [{ repetitions: 7, rows: [row('ours', 1), row('a|peer', 4)], best: undefined }],
  passed: true,
}
const machine = { cpu: 'a CPU', cpus: 2, memory: 2 ** 33, platform: 'linux', arch: 'x64', node: 'v24.0.0' } as const

test('a page says where it was run, and has a table for each workload and a chart for each suite', () => {
  const lines = toPage(machine, [{ suite: 'some', results: [result] }]).split('\n')
  expect(lines[2]).toMatch(/^Run on 2 × a CPU, 8 GiB, linux x64, Node v24\.0\.0, \d{4}-/)
  expect(lines.slice(4)).toEqual([
    ...['## some', '', '![speed of each contender of some](some.svg)', '', '### a <b> & c', ''],
    '|  | an operation | operations/s | ours is |',
    '|---|---|---|---|',
    '| ours | 1.00 ms ± 10 % | 1,000 |  |',
    '| a\\|peer | 4.00 ms ± 10 % | 250 | 4.00 × as fast |',
    '| absent | missing: pip install it |  |  |',
    ...['', 'Gate: at least 2 × the best peer; passed.', '', ''],
  ])
})

test('a table has what an operation holds in memory, where that is known', () => {
  const rows = [row('ours', 1, { bytes: 1234.5 }), row('peer', 4)] as const
  const comparisons = [{ repetitions: 7, rows: [...rows], best: undefined }] as const
  const lines = toPage(machine, [{ suite: 'some', results: [{ ...result, comparisons }] }]).split('\n')
  expect(lines.slice(10, 15)).toEqual([
    '|  | an operation | operations/s | ours is | bytes each |',
    '|---|---|---|---|---|',
    '| ours | 1.00 ms ± 10 % | 1,000 |  | 1,235 |',
    '| peer | 4.00 ms ± 10 % | 250 | 4.00 × as fast |  |',
    '| absent | missing: pip install it |  |  |  |',
  ])
})

test('a page says which suite did not come to its end', () => {
  const page = toPage(machine, [{ suite: 'some', results: [], error: 'it ended with SIGKILL' }])
  expect(page).toContain('## some\n\nIt did not come to its end: it ended with SIGKILL\n')
  expect(page).not.toContain('.svg')
})

test('a bar is as long as its contender is fast, of the fastest, and texts are escaped', () => {
  const chart = barChart('some', [result])
  const lengths = Array.from(chart.matchAll(/<rect .*? width="(\d+)"/g), ([, length]) => Number(length))
  expect(lengths).toEqual([440, 110])
  expect(chart).toContain('>a &lt;b&gt; &amp; c<')
  expect(chart).not.toContain('<b>')
})
