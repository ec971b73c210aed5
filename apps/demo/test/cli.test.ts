import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { describe, expect, test } from 'vitest'
import { askRedis } from './ask-redis.ts'
import { makeOutputFolder } from './output-folder.ts'
import { runDemo } from './run-demo.ts'

const many = join(import.meta.dirname, '../../../node_modules')
const few = join(import.meta.dirname, '../src')
const { base, out } = makeOutputFolder()

describe('a run', () => {
  test('prints a summary, and in colour only where it is wanted', async () => {
    const plain = await runDemo([few, '--out', out])
    const summary =
      /^files {7}\d+, .* MB, and 0 that could not be read\ntime {8}.* s\nspeed .* files\/s, .* MB\/s\nduplicates {2}0 groups, which waste 0\.0 MB\ngzips best .*\ngzips worst .*\ndelivery {4}expected (\d+), indexed once \1, repeated 0, failed 0, lost 0\nin flight {3}\d+ messages at the most\nbusy {8}main \d+%, loop \d+%, analyse-1 \d+%.*\nindex {7}.*index\.csv\n$/
    expect(plain.stdout).toMatch(summary)
    const coloured = await runDemo([few, '--out', out], { env: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1mfiles')
    const refused = await runDemo([few, '--out', out], { env: { NO_COLOR: '1' } })
    expect(refused.stdout).toMatch(summary)
  })

  test.each([
    ['in this process', []],
    ['in worker processes', ['--workers', '2']],
  ])('%s prints nothing but its summary as JSON to stdout', async (_, args) => {
    const { code, stdout, stderr } = await runDemo([
      few,
      '--out',
      out,
      '--limit',
      '7',
      '--fail',
      'main',
      '--json',
      ...args,
    ])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^indexing /)])
    expect(stdout).toMatch(/^.+\n$/)
    expect(JSON.parse(stdout)).toEqual({
      folder: few,
      index: out,
      end: 'done',
      shortfall: null,
      deliveries: { expected: 7, once: 6, repeated: 0, dead: 1, lost: 0, left: 0 },
      files: 6,
      unreadable: 0,
      bytes: expect.any(Number),
      killed: [],
      seconds: expect.any(Number),
      filesPerSecond: expect.any(Number),
      threads: expect.arrayContaining([{ name: expect.stringMatching(/main$/), utilization: expect.any(Number) }]),
    })
  })

  test('over a Redis of the user leaves no key behind', async () => {
    const redis = await startRedisServer()
    try {
      expect(await runDemo([few, '--queue', 'redis', '--redis-url', redis.url, '--out', out])).toMatchObject({
        code: 0,
      })
      expect(await askRedis(redis.url, 'DBSIZE')).toBe(':0\r\n+OK\r\n')
    } finally {
      await redis.stop()
    }
  })
})

describe('a run whose reader goes away', () => {
  test.each(['stdout', 'stderr'] as const)('writes its index without its %s', async name => {
    const file = join(base, `without-${name}.csv`)
    const run = await runDemo([few, '--out', file], { onStart: child => child[name]?.destroy() })
    expect(run).toMatchObject({ code: 0, [name]: '' })
    expect(name === 'stdout' ? run.stderr : '').not.toContain('Error')
    expect(existsSync(file)).toBe(true)
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
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: cannot write the index to .*nowhere.*index\.csv: ENOENT.*\n$/),
    ])
  })

  test.each([
    ['an unknown option', ['--bogus']],
    ['an unknown queue', ['--queue', 'kafka']],
    ['two folders', ['a', 'b']],
    ['a URL without Redis', ['--redis-url', 'redis://127.0.0.1']],
    ['no threads', ['--threads', '0']],
    ['a drain that is no time', ['--drain', 'soon']],
    ['workers without Redis', ['--workers', '2', '--queue', 'deque']],
    ['too many workers', ['--workers', '65']],
    ['a limit of nothing', ['--limit', '0']],
    ['nothing to fail at', ['--fail', '']],
    ['an index without a name', ['--out', '']],
    ['a folder without a name', ['']],
  ])('is %s: the usage is shown, with exit code 2', async (_, args) => {
    const { code, stdout, stderr } = await runDemo(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .{1,60}\n\ndemo \[folder\] \[options\]/)
  })

  test('is not asking for help', async () => {
    expect(await runDemo(['--help'])).toEqual({ code: 0, stdout: expect.stringContaining('--queue'), stderr: '' })
  })
})
