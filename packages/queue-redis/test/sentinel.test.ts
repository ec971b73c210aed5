import { once } from 'node:events'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisConnectionError, RedisDeque } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

test('behind a Sentinel, calls wait while another master is made, and go on there', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const master = await startDurableRedis()
  await using replica = await startDurableRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] })
  using dir = mkdtempDisposableSync(join(tmpdir(), 'fosen-sentinel-'))
  const config = join(dir.path, 'sentinel.conf')
  const monitored = `sentinel monitor main 127.0.0.1 ${master.port} 1`
  writeFileSync(
    config,
    `${monitored}\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 2000\n`,
  )
  await using sentinel = await startRedisServer({ config, args: ['--sentinel'] })
  const admin = new Redis({ port: replica.port })
  await vi.waitFor(async () => expect(await admin.info('replication')).toContain('master_link_status:up'), 10_000)
  const watch = new Redis({ port: sentinel.port })
  // By itself it asks every ten seconds who the replicas are.
  await watch.call('SENTINEL', 'DEBUG', 'INFO-PERIOD', '100')
  await vi.waitFor(async () => expect(await watch.call('SENTINEL', 'REPLICAS', 'main')).toHaveLength(1), 20_000)

  const sentinels = [{ host: sentinel.host, port: sentinel.port }]
  await using deque = new RedisDeque('list', { redis: { sentinels, name: 'main' } })
  await deque.append('a')
  expect(await deque.pop()).toBe('a')
  const got = deque.popWait()
  await master.stop()
  await deque.append('b')
  expect(await got).toBe('b')
  expect(await admin.info('replication')).toContain('role:master')
  expect(warn.mock.calls[0]?.[0]).toMatch(/^the connection to the master 'main' of redis:\/\/[^ ]+ is lost/)
  for (const client of [admin, watch]) client.disconnect()
}, 60_000)

/** Answers each command with the same text, or with nothing. */
async function fakeSentinel(answer = '') {
  const server = createServer(socket =>
    socket.on('data', bytes => {
      for (const _ of bytes.toString().matchAll(/\*\d+\r\n/g)) socket.write(answer)
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, [Symbol.dispose]: () => void server.close() }
}

test('a Sentinel that does not answer is passed over', async () => {
  using silent = await fakeSentinel()
  const { host, port } = redis.server
  using other = await fakeSentinel(`*2\r\n$${host.length}\r\n${host}\r\n$${`${port}`.length}\r\n${port}\r\n`)
  const sentinels = [silent, other].map(({ host, port }) => ({ host, port }))
  const options = { sentinels, name: 'main', connectTimeout: 100, updateSentinels: false, protocol: 2 } as const
  await using deque = new RedisDeque('list', { redis: options })
  await expect(deque.length()).rejects.toThrow(RedisConnectionError)
  expect(await deque.length()).toBe(0)
})
