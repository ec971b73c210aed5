import { execFile } from 'node:child_process'
import { existsSync, mkdtempDisposableSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { suiteNames } from '../src/suites.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const run = promisify(execFile)
const bench = (...args: string[]) => run(process.execPath, [main, ...args])

describe('pnpm bench', () => {
  // As a process: peers leave threads and listeners behind.
  test.each(['deque', 'threads'])(
    '%s checks every contender, and writes what it finds',
    { timeout: 120_000 },
    async suite => {
      const file = join(mkdtempSync(join(tmpdir(), 'fosen-bench-')), 'results.json')
      const { stdout } = await bench(suite, '--repetitions', '1', '--json', file)
      const { results, machine } = JSON.parse(readFileSync(file, 'utf8'))
      expect(machine).toMatchObject({ node: process.version, cpu: expect.any(String), cpus: expect.any(Number) })
      expect(results.length).toBeGreaterThan(1)
      for (const { title, comparisons } of results) {
        expect(stdout).toContain(title)
        expect(comparisons[0].rows.length).toBeGreaterThan(1)
      }
      rmSync(dirname(file), { recursive: true })
    },
  )

  test('leaves no build behind, also when it fails', async () => {
    const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))
    const builds = () => (existsSync(cache) ? readdirSync(cache) : []).filter(name => name.startsWith('bench-'))
    const before = builds()
    await expect(bench('deque', '--only', 'nothing at all')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no workload of deque has 'nothing at all' in its title"),
    })
    expect(builds()).toEqual(before)
  })

  test('lists what a suite compares', async () => {
    const { stdout } = await bench('threads', '--list', '--only', 'result()')
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      'result() of add(a, b), which blocks',
      'result() of an object of 250 bytes in and out, which blocks',
    ])
  })

  test('names the suites when there is none of that name', async () => {
    await expect(bench('none')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('deque, threads') })
  })

  test('without a suite goes through all of them, and writes one page with their charts', {
    timeout: 120_000,
  }, async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'fosen-bench-'))
    const page = join(folder.path, 'sub', 'page.md')
    const title = 'SharedDeque: a number there and back, awaited'
    const { stdout } = await bench('--only', title, '--repetitions', '1', '--page', page)
    for (const suite of suiteNames) expect(stdout).toContain(`${suite} on `)
    const text = readFileSync(page, 'utf8')
    expect(text).toMatch(/^# Benchmarks\n\nRun on \d+ × .*GiB.*Node v24/)
    expect(text.match(/^##+ .*$/gm)).toEqual(['## deque', `### ${title}`])
    expect(text).toContain('](deque.svg)')
    expect(readdirSync(dirname(page)).sort()).toEqual(['deque.svg', 'page.md'])
  })
})
