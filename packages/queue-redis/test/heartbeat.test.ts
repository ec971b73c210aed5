import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { consume } from '@fosen/queue'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { type LeaseLostError, RedisQueue } from '../src/index.ts'
import { burn } from './burn.ts'
import { connect } from './fixtures/connect.ts'
import { crashingConnect } from './fixtures/crashing-connect.ts'
import { startProxy } from './start-proxy.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

/** Resolves when the heartbeat of the queue goes. */
function beating(queue: RedisQueue<string>) {
  return vi.waitFor(async () => expect((await queue.health()).sinceHeartbeat).toBeDefined(), { timeout: 10_000 })
}

async function startHanging(maxLease: number, holdFor: number) {
  const program = fileURLToPath(new URL('fixtures/hanging-consumer.ts', import.meta.url))
  const child = spawn(process.execPath, [program, 'jobs', redis.url, '300', String(maxLease), String(holdFor)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await once(child.stdout, 'data')
  return {
    errors: createInterface(child.stderr),
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('a handler that burns CPU for three leases has its message once', async () => {
  // Long enough for a busy machine to let the heartbeat run now and then.
  const lease = 1200
  await using queue = new RedisQueue<string>('jobs', { url: redis.url, lease })
  await using other = new RedisQueue<string>('jobs', { url: redis.url })
  const attempts: number[] = []
  await using consumer = consume(queue, async (_, { attempt, signal }) => {
    attempts.push(attempt)
    burn(3 * lease)
    expect(signal.aborted).toBe(false)
  })
  await beating(queue)
  await queue.put('a')
  await using elsewhere = consume(other, (_, { attempt }) => {
    attempts.push(attempt)
  })
  await other.join()
  expect(attempts).toEqual([1])
  expect([consumer.stats().failed, elsewhere.stats().failed]).toEqual([0, 0])
})

test('a consumer whose event loop hangs for ever loses its messages when maxLease is over', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  await using _ = await startHanging(2_000, Infinity)
  const delivery = await queue.get({ timeout: 15_000 })
  expect(delivery.attempt).toBe(2)
  delivery.ack()
})

test('a consumer whose event loop hangs loses its messages when its timeout and grace are over', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  await using _ = await startHanging(60_000, 500)
  const delivery = await queue.get({ timeout: 15_000 })
  expect(delivery.attempt).toBe(2)
  delivery.ack()
})

test('an event loop that has not answered for 10 s is told of, while its leases are extended', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  await using hanging = await startHanging(60_000, Infinity)
  const [line] = await once(hanging.errors, 'line')
  expect(line).toMatch(/the event loop of process \d+ has not answered for 10 s, and holds messages/)
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 1 })
  await queue.clear()
})

test('a heartbeat whose connection is dead, though it looks alive, has another before leases run out', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using queue = new RedisQueue<string>('jobs', { url: proxy.url, lease: 12_000 })
  await queue.put('a')
  const delivery = await queue.get()
  await beating(queue)
  proxy.freeze()
  const [token] = (await redis.client.zrangeBuffer('{jobs}:l', '0', '0')) as [Buffer]
  const end = async () => Number(await redis.client.zscore('{jobs}:l', token))
  const frozen = await end()
  await vi.waitFor(async () => expect(await end()).toBeGreaterThan(frozen + 2_000), { timeout: 11_000, interval: 200 })
  expect(delivery.signal.aborted).toBe(false)
  await redis.client.flushall()
  // The queue does not wait for answers of what is dead when it is closed.
  proxy.cut()
})

test('an option that cannot be sent to the thread of the heartbeat is named when messages are to be taken', async () => {
  const { host, port } = redis.server
  const lookup = () => {}
  await using queue = new RedisQueue<string>('jobs', {
    redis: { host, port, retryStrategy: () => 50, tls: undefined as never, password: undefined as never },
  })
  await queue.put('a')
  await expect(queue.get()).rejects.toThrow('redis.retryStrategy cannot be sent to the thread that extends leases')
  const client = new Redis({ host, port, lazyConnect: true, sentinelTLS: { lookup } as never })
  await using other = new RedisQueue<string>('jobs', { client })
  await expect(other.get()).rejects.toThrow('client.options.sentinelTLS.lookup cannot be sent to the thread')
  client.disconnect()
  await queue.clear()
})

test('a portable connect makes the connection of the heartbeat', async () => {
  process.env.FOSEN_TEST_REDIS = redis.url
  const { host, port } = redis.server
  await using queue = new RedisQueue<string>('jobs', {
    redis: { host, port, retryStrategy: () => 50 },
    connect,
    lease: 300,
  })
  await queue.put('a')
  const delivery = await queue.get()
  await beating(queue)
  delivery.ack()
  delete process.env.FOSEN_TEST_REDIS
})

test('a heartbeat whose thread dies is started again, which is told', async () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'fosen-heartbeat-'))
  process.env.FOSEN_TEST_REDIS = redis.url
  process.env.FOSEN_TEST_CRASHED = join(dir.path, 'crashed')
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await using queue = new RedisQueue<string>('jobs', {
    url: redis.url,
    connect: crashingConnect,
    lease: 300,
    maxLease: 60_000,
  })
  await queue.put('a')
  const delivery = await queue.get()
  await beating(queue)
  expect(warn.mock.calls.map(([what]) => what)).toEqual([
    expect.stringContaining('the thread that extends leases has died, and another is started'),
  ])
  delivery.ack()
  await delivery.settled
  await queue.clear()
  delete process.env.FOSEN_TEST_REDIS
  delete process.env.FOSEN_TEST_CRASHED
})

test('a connect that is not portable is refused at once', () => {
  const { url } = redis
  expect(() => new RedisQueue('jobs', { url, connect: () => new Redis() })).toThrow('connect must be portable')
})

test('a running message that is cancelled by another process has its signal aborted, and is gone', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await using other = new RedisQueue<string>('jobs', { url: redis.url })
  const id = await other.put('a')
  const reasons: string[] = []
  await using _ = consume(queue, async (_, { signal }) => {
    await other.cancel(id)
    await once(signal, 'abort')
    reasons.push((signal.reason as LeaseLostError).name)
    throw signal.reason
  })
  await other.join()
  expect(reasons).toEqual(['MessageCancelledError'])
  expect(await other.stats()).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 })
})

test('a message that waits, or is delayed, is not delivered once it is cancelled', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const waiting = await queue.put('a')
  const delayed = await queue.put('b', { delay: 60_000 })
  await queue.put('c')
  await queue.cancel(waiting)
  await queue.cancel(delayed)
  expect((await queue.stats()).delayed).toBe(0)
  const delivery = await queue.get()
  expect(delivery.value).toBe('c')
  delivery.ack()
  await queue.join()
  await expect(queue.cancel('a')).rejects.toThrow("id must be the id of a message, not 'a'")
})
