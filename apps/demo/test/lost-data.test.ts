import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { parse } from 'csv-parse/sync'
import { expect, test, vi } from 'vitest'
import { askRedis } from './ask-redis.ts'
import { makeOutputFolder } from './output-folder.ts'
import { runDemo } from './run-demo.ts'
import { toNumber } from './to-number.ts'

const { base, out } = makeOutputFolder()

test('a run whose Redis loses its data says so, in the rows too', async () => {
  const folder = join(base, 'many')
  mkdirSync(folder)
  for (let i = 0; i < 3000; i++) writeFileSync(join(folder, `${i}`), `${i}`)
  const redis = await startRedisServer()
  try {
    const running = runDemo([folder, '--queue', 'redis', '--redis-url', redis.url, '--out', out])
    await vi.waitFor(
      async () => expect(await askRedis(redis.url, 'KEYS fosen-demo-*')).toContain('fosen-demo-'),
      10_000,
    )
    await askRedis(redis.url, 'FLUSHALL')
    const { code, stderr } = await running
    const [, lost] = /error: the queue has lost ([\d,]+) of 3,000 files found\n$/.exec(stderr) ?? []
    expect(code).toBe(1)
    const rows: string[][] = parse(readFileSync(out))
    expect(rows.length - 1).toBe(3000)
    expect(rows.filter(row => row[5] === 'lost by the queue').length).toBe(toNumber(lost))
  } finally {
    await redis.stop()
  }
})
