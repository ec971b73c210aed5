import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { askRedis } from './ask-redis.ts'
import { makeOutputFolder } from './output-folder.ts'
import { runDemo } from './run-demo.ts'
import { toNumber } from './to-number.ts'

const many = join(import.meta.dirname, '../../../node_modules')
const few = join(import.meta.dirname, '../src')
const { base, out } = makeOutputFolder()

describe('an interrupted run', () => {
  test.each(['deque', 'redis'])('over %s writes what is done, says what is not, and leaves nothing', async kind => {
    const redis = kind === 'redis' ? await startRedisServer() : undefined
    try {
      const url = redis ? ['--redis-url', redis.url] : []
      const args = [many, '--queue', kind, '--out', out, ...url]
      const { code, stderr, stdout } = await runDemo(args, { interruptAt: /[1-9]\d* of \d+ files\n/ })
      expect(code).toBe(130)
      const [, left, found] = /interrupted: ([\d,]+) of ([\d,]+) files found are not in the index/.exec(stderr) ?? []
      const rows: string[][] = parse(readFileSync(out))
      expect(rows.length - 1).toBe(toNumber(found) - toNumber(left))
      expect(toNumber(left)).toBeGreaterThan(0)
      expect(stdout).toMatch(/^files /)
      if (redis) expect(await askRedis(redis.url, 'DBSIZE')).toBe(':0\r\n+OK\r\n')
    } finally {
      await redis?.stop()
    }
  })

  test('ends although its Redis was killed, and writes what is done', async () => {
    const redis = await startRedisServer()
    try {
      const args = [many, '--queue', 'redis', '--redis-url', redis.url, '--out', out, '--drain', '200']
      const beforeInterrupt = () => process.kill(redis.pid, 'SIGKILL')
      const { code, stderr } = await runDemo(args, { interruptAt: /[1-9]\d* of \d+ files\n/, beforeInterrupt })
      expect(code).toBe(130)
      const [, left, found] = /interrupted: ([\d,]+) of ([\d,]+) files found are not in the index/.exec(stderr) ?? []
      expect(parse(readFileSync(out)).length - 1).toBe(toNumber(found) - toNumber(left))
    } finally {
      await redis.stop()
    }
  })

  test('leaves an older index as it is when it has indexed nothing', async () => {
    const redis = await startRedisServer()
    // Interrupts the run as soon as it connects, and lets it have its Redis when it knows.
    const interrupted = Promise.withResolvers<void>()
    let interrupt = () => {}
    const proxy = createServer(async socket => {
      const upstream = connect(redis.port, redis.host)
      socket.on('error', () => upstream.destroy())
      upstream.on('error', () => socket.destroy())
      interrupt()
      await interrupted.promise
      socket.pipe(upstream).pipe(socket)
    }).listen(0, redis.host)
    try {
      await once(proxy, 'listening')
      const older = join(base, 'older.csv')
      writeFileSync(older, 'an older index')
      const url = `redis://${redis.host}:${(proxy.address() as AddressInfo).port}`
      const { code, stderr } = await runDemo([few, '--queue', 'redis', '--redis-url', url, '--out', older], {
        onStart(child) {
          interrupt = () => child.killed || child.kill('SIGINT')
          child.stderr.once('data', () => interrupted.resolve())
        },
      })
      expect([code, stderr]).toEqual([130, expect.stringContaining(`; ${older} was not written\n`)])
      expect(readFileSync(older, 'utf8')).toBe('an older index')
    } finally {
      proxy.close()
      await redis.stop()
    }
  })
})
