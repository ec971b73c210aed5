import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { inspect } from 'node:util'
import { freePort } from '@fosen/redis-server'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisConnection } from '../src/connection.ts'
import { RedisConnectionError, RedisDeque, RedisQueue } from '../src/index.ts'
import { burn } from './burn.ts'
import { startDurableRedis } from './start-durable-redis.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

/** What answers each line with the same text. */
async function fakeRedis(answer: string) {
  const server = createServer(socket => socket.on('data', () => socket.write(answer))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `redis://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() }
}

test('a server that is not there fails every call at once, with one error that says where it was looked for', async () => {
  const port = await freePort()
  await using queue = new RedisQueue('jobs', { url: `redis://me:secret@127.0.0.1:${port}/1` })
  const message = `cannot reach Redis at redis://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`
  const errors = await Promise.all([
    queue.put(1).catch(error => error),
    queue.get().catch(error => error),
    queue.stats().catch(error => error),
    queue.join().catch(error => error),
    queue.deadLetters.list().catch(error => error),
  ])
  for (const error of errors) {
    expect(error).toBeInstanceOf(RedisConnectionError)
    expect([error.message, error.cause.code]).toEqual([message, 'ECONNREFUSED'])
    expect(inspect(error, { depth: 9 })).not.toContain('secret')
  }
  await using deque = new RedisDeque('list', { url: `redis://localhost:${port}` })
  await expect(deque.popWait()).rejects.toThrow(/^cannot reach Redis at redis:\/\/localhost:.*ECONNREFUSED/)
})

test('a server that comes later is found by the next call', async () => {
  const port = await freePort()
  await using queue = new RedisQueue('jobs', { url: `redis://127.0.0.1:${port}` })
  await expect(queue.put(1)).rejects.toThrow('cannot reach Redis')
  await using _ = await startDurableRedis({ port })
  await queue.put(2)
  expect((await queue.get()).value).toBe(2)
  await queue.close()
})

test('a wrong password fails with what the server says, and is not shown', async () => {
  await using server = await startDurableRedis({ args: ['--requirepass', 'right'] })
  await using queue = new RedisQueue('jobs', { url: server.url.replace('//', '//:wrong@') })
  const error = await queue.put(1).catch(error => error)
  expect(error.message).toMatch(/^cannot reach Redis at redis:\/\/127\.0\.0\.1:\d+: WRONGPASS/)
  expect(inspect(error, { depth: 9 })).not.toContain('wrong@')
  expect(inspect(error, { depth: 9 })).not.toContain("'wrong'")

  await using right = new RedisQueue('jobs', { redis: { host: server.host, port: server.port, password: 'right' } })
  await right.put(1)
})

test('a database that the server does not have fails every call, and is not taken for database 0', async () => {
  for (const options of [{}, { enableReadyCheck: false }, { protocol: 2 as const }]) {
    const { host, port } = redis.server
    await using deque = new RedisDeque('list', { redis: { host, port, db: 16, ...options } })
    await redis.client.lpush('list', 'of database 0')
    for (const _ of [1, 2]) {
      const error = await deque.pop().catch(error => error)
      expect(error).toBeInstanceOf(RedisConnectionError)
      expect(error.message).toMatch(/^cannot reach Redis at redis:.*: ERR DB index is out of range$/)
    }
    expect(await redis.client.lpop('list')).toBe('of database 0')
  }
  await using there = new RedisDeque('list', { url: `${redis.url}/15` })
  await there.append('a')
  expect(await there.popWait()).toBe('a')
})

test('connections to a server that are lost for longer are told of once, and again when they are restored', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const warnings = (count: number) => vi.waitFor(() => expect(warn.mock.calls).toHaveLength(count), { timeout: 10_000 })
  const first = await startDurableRedis()
  const { port } = first
  await using queue = new RedisQueue('jobs', { url: `${first.url}/15` })
  await using other = new RedisQueue('other', { url: `${first.url}/15` })
  await other.stats()
  await queue.put('lost with the server, which saves nothing')
  ;(await queue.get()).ack()
  const got = queue.get()
  await first.stop()
  await warnings(1)
  const lesser = await startDurableRedis({ port, args: ['--databases', '1'] })
  const client = new Redis(port)
  const refused = /^cmdstat_select:.*failed_calls=([2-9]|\d\d)/m
  await vi.waitFor(async () => expect(await client.info('commandstats')).toMatch(refused), { timeout: 10_000 })
  expect(await client.dbsize()).toBe(0)
  await client.quit()
  await lesser.stop()
  await using _ = await startDurableRedis({ port })
  await queue.put('a')
  expect((await got).value).toBe('a')
  await warnings(2)
  await queue.close()
  expect(warn.mock.calls).toEqual([
    [
      expect.stringMatching(/^the connection to redis:\S+ is lost, and calls wait until it is restored: ./),
      'RedisConnectionWarning',
    ],
    [`the connection to redis://127.0.0.1:${port} is restored`, 'RedisConnectionWarning'],
  ])
})

test('waiting does not fail when commands are not to wait for the connection', async () => {
  const { host, port } = redis.server
  await using queue = new RedisQueue('jobs', { redis: { host, port, enableOfflineQueue: false } })
  await queue.stats()
  const got = queue.get()
  await redis.blocked(1)
  await queue.put('a')
  const delivery = await got
  delivery.ack()
  expect(delivery.value).toBe('a')
})

test('a server that does not answer, and one that is no Redis, fail', async () => {
  using silent = await fakeRedis('')
  const { port } = new URL(silent.url)
  await using queue = new RedisQueue('jobs', { redis: { port: Number(port), host: '127.0.0.1', connectTimeout: 50 } })
  await expect(queue.put(1)).rejects.toThrow(/^cannot reach Redis at redis:.*: no answer within 50 ms$/)
  using web = await fakeRedis('HTTP/1.1 400 Bad Request\r\n\r\n')
  await using other = new RedisQueue('jobs', { url: web.url })
  await expect(other.put(1)).rejects.toThrow(RedisConnectionError)
})

test('a server is reached although the event loop stands still while it is, for longer than a connection may take', async () => {
  const { host, port } = redis.server
  const connectTimeout = 400
  for (let turns = 0; turns < 4; turns++) {
    await using queue = new RedisQueue('jobs', { redis: { host, port, connectTimeout } })
    const stats = queue.stats()
    for (let turn = 0; turn < turns; turn++) await turnOfTheLoop()
    burn(connectTimeout + 100)
    expect(await stats).toMatchObject({ ready: 0 })
  }
})

test('a lost connection is restored, and calls wait for it', async () => {
  const port = await freePort()
  const first = await startDurableRedis({ port })
  await using queue = new RedisQueue('jobs', { url: first.url })
  await queue.put('lost with the server, which saves nothing')
  const lost = await queue.get()
  const got = queue.get()
  await first.stop()
  lost.ack()
  const put = queue.put('a')
  await using _ = await startDurableRedis({ port })
  await put
  expect((await got).value).toBe('a')
  expect(await lost.settled).toBe(false)
  await queue.close()
})

test('a connection that is closed while it is lost leaves no timer behind', async () => {
  using set = vi.spyOn(globalThis, 'setInterval')
  using clear = vi.spyOn(globalThis, 'clearInterval')
  const server = await startDurableRedis()
  const connection = new RedisConnection({ redis: { port: server.port, retryStrategy: () => 60_000 } })
  const client = await connection.send(async client => client)
  await server.stop()
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'))
  const lost = connection.send(client => client.ping())
  await connection.abandon()
  await expect(lost).rejects.toThrow('was closed before the answer came')
  const timers = set.mock.results.map(({ value }) => value)
  expect(clear.mock.calls.flat()).toEqual(expect.arrayContaining(timers))
  expect(timers).not.toEqual([])
})

test('a get is over in time although the server does not answer; with timeout 0 it waits a second for an answer', async () => {
  await using server = await startDurableRedis()
  await using queue = new RedisQueue('jobs', { url: server.url })
  await queue.stats()
  process.kill(server.pid, 'SIGSTOP')
  const order: number[] = []
  const over = (timeout: number) => queue.get({ timeout }).catch(({ name }) => order.push(timeout) && name)
  expect(await Promise.all([over(0), over(50)])).toEqual(['TimeoutError', 'TimeoutError'])
  expect(order).toEqual([50, 0])
  process.kill(server.pid, 'SIGCONT')
})

test('a queue is closed although its server is gone, and what waits then fails', async () => {
  const server = await startDurableRedis()
  const queue = new RedisQueue('jobs', { url: server.url })
  await queue.put('a')
  const delivery = await queue.get()
  await server.stop()
  delivery.ack()
  const put = queue.put('b').catch(error => error)
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  const closed = queue.close()
  await vi.advanceTimersByTimeAsync(5_000)
  await closed
  vi.useRealTimers()
  expect(await put).toBeInstanceOf(RedisConnectionError)
  await expect(delivery.settled).rejects.toThrow('was closed before the answer came')
})

test.for(['its own', 'a given'] as const)('a connection over %s client that is closed says so', async whose => {
  const client = new Redis(redis.url, { lazyConnect: true })
  const connection = new RedisConnection(whose === 'a given' ? { client } : { url: redis.url })
  await connection.send(client => client.ping())
  const waiting = connection.send(client => client.blpop('nothing', 0))
  const rejected = expect(waiting).rejects.toThrow(RedisConnectionError)
  await redis.blocked(1)
  await connection.abandon()
  await rejected
  await expect(connection.send(client => client.ping())).rejects.toThrow(RedisConnectionError)
  client.disconnect()
})

test('the scripts are sent again when the server has forgotten them', async () => {
  await using queue = new RedisQueue('jobs', { url: redis.url })
  for (const value of ['a', 'b']) {
    await redis.client.script('FLUSH')
    await queue.put(value)
    await redis.client.script('FLUSH')
    const delivery = await queue.get()
    await redis.client.script('FLUSH')
    delivery.ack()
    expect([delivery.value, await delivery.settled]).toEqual([value, true])
  }
})

test('a client that is given is used and stays open, whatever its replies are turned into', async () => {
  const client = new Redis(redis.url, { stringNumbers: true, replyMapping: 'resp3', enableAutoPipelining: true })
  const queue = new RedisQueue('jobs', { client, capacity: 1 })
  const got = queue.get()
  await queue.put('a')
  const delivery = await got
  delivery.ack()
  expect(await delivery.settled).toBe(true)
  await queue.put('b', { delay: 20 })
  ;(await queue.get()).ack()
  await queue.join()
  expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 })
  await queue.close()

  const deque = new RedisDeque('list', { client })
  await deque.append('a')
  expect([await deque.length(), await deque.popWait()]).toEqual([1, 'a'])
  await deque.close()
  expect(await client.ping()).toBe('PONG')
  await client.quit()
})
