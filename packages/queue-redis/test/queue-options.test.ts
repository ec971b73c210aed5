import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { bufferCodec, RedisQueue } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

test('headers and the partition key go with a message, also when it comes back', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 正: '在' }
  await queue.put('a', { headers, partitionKey: 'ann', priority: 2 })
  const first = await queue.get()
  expect([first.value, first.headers]).toEqual(['a', { ...headers, 'partition-key': 'ann' }])
  first.retry()
  const again = await queue.get()
  expect([again.value, again.attempt, again.headers]).toEqual(['a', 2, first.headers])
  again.ack()
  await queue.put('b')
  const plain = await queue.get()
  expect(plain.headers).toEqual({})
  plain.ack()
})

test('a queue with partitions knows a deduplication key in whatever process it comes again', async () => {
  await using one = new RedisQueue<string>('jobs', { url: redis.url, partitions: 4 })
  await using other = new RedisQueue<string>('jobs', { url: redis.url, partitions: 4 })
  const id = await one.put('a', { dedupKey: 'key' })
  for (const queue of [one, other, one]) expect(await queue.put('b', { dedupKey: 'key' })).toBe(id)
  const [delivery, ...others] = await other.getMany(9)
  expect([delivery?.value, others]).toEqual(['a', []])
  delivery?.ack()
  await one.join()
  redis.keep(...(await redis.client.keys('{jobs:*}:[km]*')))
})

test('bad options of a put are refused, and nothing is put', async () => {
  await using queue = new RedisQueue<Buffer>('jobs', { url: redis.url, codec: bufferCodec })
  const value = Buffer.from('a')
  for (const wait of [-1, 1.5, Number.NaN]) await expect(queue.put(value, { wait })).rejects.toThrow(RangeError)
  for (const headers of [[], null, { a: 1 }] as never[]) {
    await expect(queue.put(value, { headers })).rejects.toThrow('headers must be an object whose values are strings')
  }
  await expect(queue.put(value, { headers: { a: 'a'.repeat(65_536) } })).rejects.toThrow('65535 bytes at most')
  await expect(queue.put(value, { dedupKey: 'a'.repeat(1_025) })).rejects.toThrow(
    'dedupKey must take up to 1024 bytes, not 1025',
  )
  await expect(queue.put(Buffer.alloc(16 * 2 ** 20 + 1))).rejects.toThrow('16777216 bytes at most, not 16777217')
  expect(() => new RedisQueue('a'.repeat(65_537), { url: redis.url })).toThrow('the name must take up to')
  expect((await queue.stats()).ready).toBe(0)
})

test('a take of large messages brings as many as fit, and loses none', async () => {
  await using queue = new RedisQueue<Buffer>('jobs', { url: redis.url, codec: bufferCodec })
  const sizes = Array.from({ length: 60 }, (_, i) => (i < 20 ? 10 : 100_000))
  await queue.putMany(sizes.map(size => Buffer.alloc(size)))
  const taken: number[] = []
  while (taken.length < sizes.length) {
    const deliveries = await queue.getMany(60)
    expect(deliveries.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThan(6_000_000)
    taken.push(...deliveries.map(({ value }) => value.length))
    for (const delivery of deliveries) delivery.ack()
  }
  expect(taken).toEqual(sizes)
  await queue.join()
})

test('a put that waits for a replica waits until there is one, and holds up nothing else', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const waiting = queue.put('a', { wait: 1 })
  const delivery = await queue.get()
  delivery.ack()
  expect(await delivery.settled).toBe(true)
  await queue.put('b')
  await using _ = await startDurableRedis({ args: ['--replicaof', '127.0.0.1', String(redis.server.port)] })
  expect(await waiting).toBe(delivery.id)
  ;(await queue.get()).ack()
})

test('dead letters of some age are cleaned', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.putMany(['a', 'b'])
  for (const delivery of await queue.getMany(2)) delivery.bury()
  await queue.join()
  expect(await queue.deadLetters.clean(60_000)).toBe(0)
  await vi.waitFor(async () => expect(await queue.deadLetters.clean(1)).toBe(2))
  expect(await queue.deadLetters.list()).toEqual([])
  await expect(queue.deadLetters.clean(-1)).rejects.toThrow(RangeError)
})

test('health tells that Redis answers, that it does not, and that the queue is closed', async () => {
  await using server = await startDurableRedis()
  const queue = new RedisQueue<string>('jobs', { url: server.url })
  expect(await queue.health()).toEqual({
    isHealthy: true,
    latency: expect.any(Number),
    sinceHeartbeat: undefined,
    problems: [],
  })
  process.kill(server.pid, 'SIGSTOP')
  const silent = await queue.health({ timeout: 50 })
  process.kill(server.pid, 'SIGCONT')
  expect(silent).toMatchObject({
    isHealthy: false,
    latency: undefined,
    problems: ['Redis has not answered within 50 ms'],
  })
  await queue.close()
  const { isHealthy, problems } = await queue.health()
  expect([isHealthy, problems[0]]).toEqual([false, 'the queue is closed'])
})

test('a consumer that was stopped for longer than its lease has lost it when it goes on', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  const program = fileURLToPath(new URL('fixtures/stopped-consumer.ts', import.meta.url))
  const child = spawn(process.execPath, [program, redis.url], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  await once(lines, 'line')
  child.kill('SIGSTOP')
  const delivery = await queue.get()
  expect(delivery.attempt).toBe(2)
  delivery.ack()
  expect(await delivery.settled).toBe(true)
  const exited = once(child, 'exit')
  child.kill('SIGCONT')
  expect(await once(lines, 'line')).toEqual(['LeaseLostError false'])
  await exited
})
