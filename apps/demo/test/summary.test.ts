import { expect, test } from 'vitest'
import { summarise } from '../src/report/summary.ts'

test('the summary counts duplicates, what they waste, and how extensions compress', () => {
  const file = (path: string, bytes: number, gzipBytes: number, sha256 = path) => ({
    path,
    facts: { bytes, lines: 0, sha256, gzipBytes },
  })
  const rows = [
    file('a.json', 2_000_000, 200_000, 'twin'),
    file('b.json', 2_000_000, 200_000, 'twin'),
    file('c.png', 1_000_000, 990_000),
    file('README', 20_000, 10_000),
    file('too-small-to-count.x', 5, 25),
    file('empty', 0, 20, 'nothing'),
    file('empty too', 0, 20, 'nothing'),
    { path: 'gone', error: 'ENOENT' },
    { path: 'given up', error: 'Error' },
  ]
  const outcome = {
    rows,
    end: 'done' as const,
    found: 9,
    repeated: 2,
    dead: 1,
    lost: 0,
    killed: [{ pid: 1 }, { pid: 2 }],
    walked: true,
    milliseconds: 2000,
    mostInFlight: 7,
    threads: [{ name: 'main', utilization: 0.256 }],
  }
  expect(summarise(outcome, 'index.csv')).toBe(
    [
      'files       7, 5.0 MB, and 1 that could not be read',
      'time        2.0 s',
      'speed       4 files/s, 2.5 MB/s',
      'duplicates  1 group, which wastes 2.0 MB',
      'gzips best  .json to 10%, (none) to 50%, .png to 99%',
      'gzips worst .png to 99%, (none) to 50%, .json to 10%',
      'delivery    expected 9, indexed once 6, repeated 2, failed 1, lost 0',
      'killed      2 workers',
      'in flight   7 messages at the most',
      'busy        main 26%',
      'index       index.csv',
      '',
    ].join('\n'),
  )
})
