import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { compare, quantile } from '../src/compare.ts'
import { missedGates, toTable } from '../src/report.ts'

/** A clock that the contenders push on by what they cost. */
function workload(costs: Record<string, number[]>, given: unknown = 'done', gate?: number) {
  let time = 0
  const contender = (name: string) => ({
    name,
    run() {
      time += costs[name]?.shift() ?? 0
      return given
    },
    settle() {
      time += 1000
    },
  })
  const contenders = [contender('ours'), contender('peer')] as const
  return { now: () => time, workload: { title: 'work', operations: 10, expected: 'done', contenders, gate } }
}

describe('compare', () => {
  test('gives medians without the warm-up, and the median of the ratios within repetitions', async () => {
    const { workload: work, now } = workload({ ours: [99, 1, 2, 4], peer: [99, 3, 20, 8] })
    expect(await compare(work, 3, now)).toEqual({
      title: 'work',
      gate: undefined,
      ratio: 3,
      rows: [
        { name: 'ours', operationsPerSecond: 5000, spread: 0.75, ratio: 1 },
        { name: 'peer', operationsPerSecond: 1250, spread: 1.0625, ratio: 3 },
      ],
    })
  })

  test('refuses a result that is not the expected one', async () => {
    await expect(compare(workload({}, 'wrong').workload, 1)).rejects.toThrow('work: ours gave wrong, not done')
  })
})

describe('a gate', () => {
  test.each([
    [2, []],
    [3, []],
    [4, ['work: 3.00 ×, not 4 ×']],
  ])('of %s times the peer', async (gate, missed) => {
    const { workload: work, now } = workload({ ours: [0, 1], peer: [0, 3] }, 'done', gate)
    const result = await compare(work, 1, now)
    expect(missedGates([result])).toEqual(missed)
    expect(toTable(result)).toContain(missed.length > 0 ? 'MISSED' : 'passed')
  })

  test('that has nothing to be compared with is missed', () => {
    expect(missedGates([{ title: 'alone', rows: [], gate: 1, ratio: Number.NaN }])).toEqual(['alone: NaN ×, not 1 ×'])
  })
})

test('a quantile is between the two nearest values', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([1], 0.75)).toBe(1)
})

describe('pnpm bench', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const run = promisify(execFile)

  // As a process: peers leave threads and listeners behind.
  test.each(['deque', 'threads'])('%s checks every contender, and writes what it finds', async suite => {
    const file = join(mkdtempSync(join(tmpdir(), 'fosen-bench-')), 'results.json')
    const { stdout } = await run(process.execPath, [main, suite, '--repetitions', '1', '--json', file])
    const { results } = JSON.parse(readFileSync(file, 'utf8'))
    for (const { title, rows } of results) {
      expect(stdout).toContain(title)
      expect(rows.length).toBeGreaterThan(1)
    }
    rmSync(dirname(file), { recursive: true })
  })

  test('names the suites when it is given none', async () => {
    await expect(run(process.execPath, [main])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('deque, threads'),
    })
  })
})
