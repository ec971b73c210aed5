import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startRedisServer } from '@fosen/redis-server'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDemo } from './run-demo.ts'

const many = join(import.meta.dirname, '../../../node_modules')
const few = join(import.meta.dirname, '../src')
let base: string
let out: string
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'fosen-demo-'))
  out = join(base, 'index.csv')
})
afterAll(() => rmSync(base, { recursive: true }))

async function countKeys(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return await text(connect(Number(port), hostname).end('DBSIZE\r\nQUIT\r\n'))
}

describe('a run', () => {
  test('prints a summary, and in colour only where it is wanted', async () => {
    const plain = await runDemo([few, '--out', out])
    const summary =
      /^files {7}\d+, .* MB, and 0 that could not be read\ntime {8}.* s\nspeed .* files\/s, .* MB\/s\nduplicates {2}0 groups, which waste 0\.0 MB\ngzips best .*\ngzips worst .*\nin flight {3}\d+ messages at the most\nbusy {8}main \d+%, loop \d+%, analyse-1 \d+%.*\nindex {7}.*index\.csv\n$/
    expect(plain.stdout).toMatch(summary)
    const coloured = await runDemo([few, '--out', out], { env: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1mfiles')
    const refused = await runDemo([few, '--out', out], { env: { NO_COLOR: '1' } })
    expect(refused.stdout).toMatch(summary)
  })

  test('over a Redis of the user leaves no key behind', async () => {
    const redis = await startRedisServer()
    try {
      expect(await runDemo([few, '--queue', 'redis', '--redis-url', redis.url, '--out', out])).toMatchObject({
        code: 0,
      })
      expect(await countKeys(redis.url)).toBe(':0\r\n+OK\r\n')
    } finally {
      await redis.stop()
    }
  })
})

describe('an interrupted run', () => {
  test.each(['deque', 'redis'])('over %s writes what is done, says what is not, and leaves nothing', async kind => {
    const redis = kind === 'redis' ? await startRedisServer() : undefined
    try {
      const url = redis ? ['--redis-url', redis.url] : []
      const args = [many, '--queue', kind, '--out', out, ...url]
      const { code, stderr, stdout } = await runDemo(args, { interruptAt: /\d+ of \d+ files\n/ })
      expect(code).toBe(130)
      const [, left, found] = /interrupted: ([\d,]+) of ([\d,]+) files found are not in the index/.exec(stderr) ?? []
      const count = (shown = '') => Number(shown.replaceAll(',', ''))
      const rows: string[][] = parse(readFileSync(out))
      expect(rows.length - 1).toBe(count(found) - count(left))
      expect(count(left)).toBeGreaterThan(0)
      expect(stdout).toMatch(/^files /)
      if (redis) expect(await countKeys(redis.url)).toBe(':0\r\n+OK\r\n')
    } finally {
      await redis?.stop()
    }
  })
})

describe('what cannot work', () => {
  test.each([
    [
      'a URL where nobody listens',
      ['--redis-url', 'redis://:secret@127.0.0.1:1'],
      /^error: cannot reach Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/,
    ],
    ['a URL that is none of Redis', ['--redis-url', 'http://127.0.0.1'], /^error: url must be like redis:.*\n$/],
    ['a URL that is none at all', ['--redis-url', 'here'], /^error: url must be like redis:.*\n$/],
  ])('says in one sentence what is wrong with %s', async (_, args, sentence) => {
    const missing = join(base, 'never.csv')
    const run = await runDemo([few, '--queue', 'redis', '--out', missing, ...args])
    expect(run).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) })
    expect(run.stderr).not.toContain('secret')
    expect(existsSync(missing)).toBe(false)
  })

  test('is a folder that is not there, or is none', async () => {
    const file = join(base, 'file')
    writeFileSync(file, '')
    for (const [folder, reason] of [
      [join(base, 'nowhere'), 'ENOENT'],
      [file, 'ENOTDIR'],
    ] as const) {
      const { code, stderr } = await runDemo([folder, '--out', out])
      expect([code, stderr]).toEqual([1, expect.stringContaining(`error: cannot read the folder ${folder}: ${reason}`)])
      expect(stderr).not.toContain('    at ')
    }
  })

  test('is an index that cannot be written: that is said before the work', async () => {
    const { code, stderr } = await runDemo([many, '--out', join(base, 'nowhere', 'index.csv')])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: ENOENT.*nowhere.*\n$/)])
  })

  test.each([
    ['an unknown option', ['--bogus']],
    ['an unknown queue', ['--queue', 'kafka']],
    ['two folders', ['a', 'b']],
    ['a URL without Redis', ['--redis-url', 'redis://127.0.0.1']],
    ['no threads', ['--threads', '0']],
  ])('is %s: the usage is shown, with exit code 2', async (_, args) => {
    const { code, stdout, stderr } = await runDemo(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .+\n\ndemo \[folder\] \[options\]/)
  })

  test('is not asking for help', async () => {
    expect(await runDemo(['--help'])).toEqual({ code: 0, stdout: expect.stringContaining('--queue'), stderr: '' })
  })
})
