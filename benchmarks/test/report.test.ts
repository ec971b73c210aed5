import { expect, test } from 'vitest'
import { toTable } from '../src/report.ts'

test('a table has the time of an operation in its unit, how fast that is, and the ratio to each peer', () => {
  const row = (name: string, milliseconds: number, ratio: number) => {
    return { name, milliseconds, operationsPerSecond: 10_000 / milliseconds, spread: 0.2, ratio }
  }
  const best = row('micro', 0.2345, 0.5)
  const rows = [row('ours', 12.345, 1), row('nano', 0.002345, 1.234), best, row('slow', 23_450, 99)] as const
  const table = toTable({
    title: 'work',
    operations: 10,
    missing: [],
    comparisons: [{ repetitions: 7, rows: [...rows], best }],
    passed: true,
  })
  expect(table.split('\n')).toEqual([
    'work',
    '  ours           1.23 ms ± 10%         810 operations/s',
    '  nano            234 ns ± 10%   4,264,392 operations/s   ours is 1.23 × as fast',
    '  micro          23.4 µs ± 10%      42,644 operations/s   ours is 0.50 × as fast (best)',
    '  slow            2.35 s ± 10%           0 operations/s   ours is 99.00 × as fast',
    '',
  ])
})

test('a table is as wide as its longest name, and has the memory of an operation where it is known', () => {
  const row = (name: string, more = {}) => {
    return { name, milliseconds: 1, operationsPerSecond: 1000, spread: 0, ratio: 1, ...more }
  }
  const rows = [row('ours', { bytes: 1234.5 }), row('a peer of some length')] as const
  const table = toTable({
    title: 'work',
    operations: 1,
    missing: [{ name: 'absent', missing: 'install it' }],
    comparisons: [{ repetitions: 7, rows: [...rows], best: undefined }],
    passed: true,
  })
  expect(table.split('\n').slice(1, -1)).toEqual([
    '  ours                    1.00 ms ± 0%        1,000 operations/s   1,235 bytes each',
    '  a peer of some length   1.00 ms ± 0%        1,000 operations/s   ours is 1.00 × as fast',
    '  absent                is missing: install it',
  ])
})
