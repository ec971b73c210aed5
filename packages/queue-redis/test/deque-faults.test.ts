import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TimeoutError } from '@fosen/queue'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisDeque } from '../src/index.ts'
import { burn } from './burn.ts'
import { startDurableRedis } from './start-durable-redis.ts'
import { startProxy } from './start-proxy.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

test('a Redis that writes its file and is killed has every value when it is back, and calls wait for it', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'fosen-aof-'))
  const args = ['--dir', dir.path, '--appendfsync', 'always']
  const first = await startDurableRedis({ args })
  const { port } = first
  await using deque = new RedisDeque('list', { url: first.url })
  await deque.extend(Array.from({ length: 2_500 }, (_, i) => `${i}`))
  await first.stop()
  const pushed = deque.append('2500')
  const popped = deque.popLeftWait()
  await using _ = await startDurableRedis({ port, args })
  await pushed
  expect(await popped).toBe('0')
  const rest = await deque.popLeftMany(10_000)
  expect(rest).toEqual(Array.from({ length: 2_500 }, (_, i) => `${i + 1}`))
})

test('a pop whose reply is cut off is sent again: it gives the next value, and the first is lost', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using deque = new RedisDeque('list', { url: proxy.url })
  await deque.extend(['third', 'second', 'first'])
  proxy.cutReplyWith('first', 3)
  expect(await deque.pop()).toBe('second')
  expect(await redis.client.lrange('list', 0, -1)).toEqual(['third'])
  expect(await deque.popLeft()).toBe('third')
})

test('a push whose reply is cut off is sent again, and is there twice', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using deque = new RedisDeque('list', { url: proxy.url })
  expect(await deque.length()).toBe(0)
  proxy.cutReplyWith(':2\r\n', 1)
  await deque.extendLeft(['a', 'b'])
  expect(await deque.popMany(9)).toEqual(['a', 'b', 'a', 'b'])
})

test.each(['right', 'left'])(
  'a wait at the %s end that is aborted while its value is on the way puts it back there',
  async end => {
    await using proxy = await startProxy(redis.server.port)
    await using deque = new RedisDeque('list', { url: proxy.url })
    const controller = new AbortController()
    const { signal } = controller
    const waiting = end === 'right' ? deque.popWait({ signal }) : deque.popLeftWait({ signal })
    await redis.blocked(1)
    proxy.hold()
    await redis.client.rpush('list', 'a', 'b')
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(await redis.client.llen('list')).toBe(1)
    proxy.release()
    await vi.waitFor(async () => expect(await redis.client.lrange('list', 0, -1)).toEqual(['a', 'b']), 5_000)
    await redis.client.del('list')
  },
)

test('a popWait goes on when its connections are cut again and again', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using deque = new RedisDeque('list', { url: proxy.url })
  const got = deque.popWait()
  for (let cuts = 0; cuts < 3; cuts++) {
    await redis.blocked(1)
    const { connections } = proxy
    proxy.cut()
    await vi.waitFor(() => expect(proxy.connections).toBeGreaterThan(connections), 5_000)
  }
  await redis.client.lpush('list', 'a')
  expect(await got).toBe('a')
})

test('connections that are dead, though they look alive, are replaced', async () => {
  await using proxy = await startProxy(redis.server.port)
  const { port } = proxy
  await using deque = new RedisDeque('list', { redis: { host: '127.0.0.1', port, socketTimeout: 100 } })
  const got = deque.popWait()
  await redis.blocked(1)
  const { connections } = proxy
  proxy.freeze()
  await vi.waitFor(() => expect(proxy.connections).toBeGreaterThan(connections), 10_000)
  await redis.blocked(1)
  await deque.append('a')
  expect(await got).toBe('a')
})

test('a connection stays whose answer is there, and is not seen since the event loop stands still', async () => {
  await using proxy = await startProxy(redis.server.port)
  const { port } = proxy
  await using deque = new RedisDeque('list', { redis: { host: '127.0.0.1', port, socketTimeout: 300 } })
  await deque.length()
  const length = deque.length()
  burn(400)
  expect(await length).toBe(0)
  expect(proxy.connections).toBe(1)
})

test('a Redis that stands still for a while loses nothing and repeats nothing', async () => {
  await using server = await startDurableRedis()
  await using deque = new RedisDeque('list', { url: server.url })
  expect(await deque.length()).toBe(0)
  process.kill(server.pid, 'SIGSTOP')
  const pushed = deque.extend(['a', 'b'])
  await expect(deque.popWait({ timeout: 50 })).rejects.toThrow(TimeoutError)
  process.kill(server.pid, 'SIGCONT')
  await pushed
  expect([await deque.popWait(), await deque.popWait(), await deque.length()]).toEqual(['b', 'a', 0])
})

test('a Redis without memory refuses pushes, and pops go on', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  await deque.append('a')
  await redis.client.config('SET', 'maxmemory', 1)
  await expect(deque.append('b')).rejects.toThrow('OOM command not allowed')
  expect([await deque.peek(), await deque.pop()]).toEqual(['a', 'a'])
  const got = deque.popWait()
  await redis.blocked(1)
  await redis.client.config('SET', 'maxmemory', 0)
  await deque.append('c')
  expect(await got).toBe('c')
})

test('a master that is demoted and promoted again is waited for, which is told', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await using server = await startDurableRedis()
  await using deque = new RedisDeque('list', { url: server.url })
  await deque.append('a')
  const admin = new Redis(server.url)
  await admin.replicaof('127.0.0.1', 1)
  const pushed = deque.append('b')
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), 5_000)
  await admin.replicaof('NO', 'ONE')
  await admin.quit()
  await pushed
  expect(await deque.popLeftMany(9)).toEqual(['a', 'b'])
  expect(warn.mock.calls).toEqual([
    [
      `the connection to ${server.url} is lost, and calls wait until it is restored: the server has become a replica`,
      'RedisConnectionWarning',
    ],
    [`the connection to ${server.url} is restored`, 'RedisConnectionWarning'],
  ])
})

test.each(['{a}', 'a b', '{正在}:执行', 'a\n\0b', '🙂'.repeat(100)])('a list may be named %j', async name => {
  await using deque = new RedisDeque(name, { url: redis.url })
  await deque.append('a')
  expect(await redis.client.lrange(name, 0, -1)).toEqual(['a'])
  expect(await deque.popWait()).toBe('a')
})
