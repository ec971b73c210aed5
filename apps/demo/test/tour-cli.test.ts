import { writeFileSync } from 'node:fs'
import { startRedisServer } from '@fosen/redis-server'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../src/command-line.ts'
import { readTourOptions } from '../src/tour/tour-options.ts'
import { askRedis } from './ask-redis.ts'
import { makeOutputFolder } from './output-folder.ts'
import { runDemo } from './run-demo.ts'

const { out: file } = makeOutputFolder()
writeFileSync(file, '')

describe('the tour', () => {
  test('lists its programs, one a line', async () => {
    const { code, stdout, stderr } = await runDemo(['tour'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.match(/^ +\d+(?= {2}\w)/gm)?.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (const args of [['--help'], ['3', '--help']]) expect(readTourOptions(args)).toBeUndefined()
  })

  test('has ten random numbers without a seed', async () => {
    const { stdout } = await runDemo(['tour', '9', '--pause', '0'])
    expect(stdout).toMatch(/^(正在执行: Fosen_([1-9]|10)\n){10}$/)
  })

  test('uses the Redis that it is given, and leaves nothing there', async () => {
    await using redis = await startRedisServer()
    expect(await runDemo(['tour', '10', '--redis-url', redis.url])).toMatchObject({ code: 0, stderr: '' })
    expect(await askRedis(redis.url, 'DBSIZE')).toBe(':0\r\n+OK\r\n')
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends its program when it gets a %s', async (signal, code) => {
    const run = await runDemo(['tour', '9'], { onStart: child => child.stdout?.once('data', () => child.kill(signal)) })
    expect(run).toMatchObject({ code, stderr: '' })
  })
})

describe('what cannot work', () => {
  test.each([
    ['a number that is no program', ['11']],
    ['an unknown option', ['3', '--bogus']],
  ])('is %s: the usage is shown, with exit code 2', async (_, args) => {
    const { code, stdout, stderr } = await runDemo(['tour', ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .{1,60}\n\ndemo tour \[1-10\] \[options\]/)
  })

  test.each([
    ['program 0', ['0']],
    ['a program that is no number', ['first']],
    ['a number written otherwise', ['02']],
    ['two programs', ['1', '2']],
    ['an option without a program', ['--seed', '7']],
    ['an option of another program', ['3', '--seed', '7']],
    ['a seed that is no number', ['9', '--seed', 'x']],
    ['a seed of more than 32 bits', ['9', '--seed', '4294967296']],
    ['a pause that is no time', ['9', '--pause', 'long']],
  ])('is %s', (_, args) => {
    expect(() => readTourOptions(args)).toThrow(UsageError)
  })

  test.each([
    ['a folder that is a file', ['1', '--out', file], /^error: EEXIST: .*\n$/],
    [
      'a URL where nobody listens',
      ['10', '--redis-url', 'redis://:secret@127.0.0.1:1'],
      /^error: cannot reach Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/,
    ],
    ['a URL that is none of Redis', ['10', '--redis-url', 'http://127.0.0.1'], /^error: url must be like redis:.*\n$/],
  ])('is %s: one sentence says so', async (_, args, sentence) => {
    const run = await runDemo(['tour', ...args])
    expect(run).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) })
  })
})
