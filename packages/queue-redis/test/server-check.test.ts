import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisConnectionError, RedisDeque, RedisQueue, RedisVersionError } from '../src/index.ts'
import { startFakeRedis } from './fake-redis.ts'
import { startDurableRedis } from './start-durable-redis.ts'

test.each(['6.2.14', '2.8.0'])('Redis %s is refused in one sentence, by every call', async version => {
  using old = await startFakeRedis(`redis_version:${version}\r\n`)
  await using queue = new RedisQueue('jobs', { url: old.url })
  await using deque = new RedisDeque('list', { url: old.url })
  const errors = [await queue.put(1).catch(error => error), await deque.pop().catch(error => error)]
  for (const error of [...errors, await deque.pop().catch(error => error)]) {
    expect(error).toBeInstanceOf(RedisVersionError)
    expect(error.message).toBe(`Redis or Valkey 7.0 or later is needed, and ${old.url} is ${version}`)
  }
})

test.each([
  'redis_version:7.0.0\r\n',
  'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\n',
  'redis_version:10.0.0\r\n',
  '',
])('a server that says %j is not refused', async info => {
  using server = await startFakeRedis(info)
  await using deque = new RedisDeque('list', { url: server.url })
  await expect(deque.pop()).rejects.toThrow("unknown command 'rpop'")
})

test('a server that may lose data is warned of once, with what to change', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const args = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']
  await using server = await startDurableRedis({ args })
  for (const name of ['one', 'other']) {
    await using queue = new RedisQueue(name, { url: server.url })
    await queue.stats()
  }
  expect(warn.mock.calls).toEqual([
    [
      `maxmemory-policy of ${server.url} is allkeys-lru: Redis may delete what is queued when its memory is full; set it to noeviction`,
      'RedisServerWarning',
      'FOSEN_REDIS_EVICTION',
    ],
    [
      `appendonly of ${server.url} is off: what is queued is lost with Redis, but for its last snapshot; set it to yes`,
      'RedisServerWarning',
      'FOSEN_REDIS_PERSISTENCE',
    ],
  ])
})

test('a deque warns of a server that evicts, but not of one that saves nothing: it promises no more itself', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const args = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']
  await using server = await startDurableRedis({ args })
  await using deque = new RedisDeque('list', { url: server.url })
  await deque.length()
  expect(warn.mock.calls).toEqual([[expect.any(String), 'RedisServerWarning', 'FOSEN_REDIS_EVICTION']])
})

test('a replica is refused until it is promoted', async () => {
  await using server = await startDurableRedis()
  const admin = new Redis(server.url)
  await admin.replicaof('127.0.0.1', 1)
  await using deque = new RedisDeque('list', { url: server.url })
  for (const _ of [1, 2]) {
    const error = await deque.append('a').catch(error => error)
    expect(error).toBeInstanceOf(RedisConnectionError)
    expect(error.message).toBe(`${server.url} is a replica, which takes no writes: connect to its master`)
  }
  await admin.replicaof('NO', 'ONE')
  await admin.quit()
  await deque.append('b')
  expect(await deque.pop()).toBe('b')
})

test('a server that does not let us ask is taken as it is', async () => {
  using _ = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await using server = await startDurableRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] })
  const admin = new Redis(server.url)
  await admin.acl('SETUSER', 'worker', 'on', '>secret', '~list', '-@all', '+hello', '+lpush', '+rpop')
  await using deque = new RedisDeque('list', { url: server.url.replace('//', '//worker:secret@') })
  await deque.appendLeft('a')
  expect(await deque.pop()).toBe('a')
  await expect(deque.length()).rejects.toThrow("has no permissions to run the 'llen' command")
  await admin.quit()
})
