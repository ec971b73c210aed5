import { once } from 'node:events'
import { consume, type Delivery } from '@fosen/queue'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { RedisQueue } from '../src/index.ts'
import { meanwhile, standStill, startLoad } from './load.ts'
import { startDurableRedis } from './start-durable-redis.ts'
import { startProxy } from './start-proxy.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const count = 500
const numbers = Array.from({ length: count }, (_, number) => number)

function sorted(handled: ReadonlyMap<number, number>) {
  return handled
    .keys()
    .toArray()
    .toSorted((one, other) => one - other)
}

test('a put whose reply is cut off is sent again, and has put its messages once', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using queue = new RedisQueue<string>('jobs', { url: proxy.url })
  await queue.put('a')
  proxy.cutReplyWith(':2\r\n', 1)
  const ids = await queue.putMany(['b', 'c'])
  expect(await redis.client.llen('jobs')).toBe(3)
  const deliveries = await queue.getMany(9)
  expect(deliveries.slice(1).map(({ id }) => id)).toEqual(ids)
  for (const delivery of deliveries) delivery.ack()
  await queue.join()
})

test('a take whose reply is cut off is sent again, and brings the same messages in the same attempt', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using queue = new RedisQueue<string>('jobs', { url: proxy.url })
  await queue.putMany(['first', 'second'])
  proxy.cutReplyWith('first', 3)
  const deliveries = await queue.getMany(2)
  expect(deliveries.map(({ value, attempt }) => [value, attempt])).toEqual([
    ['first', 1],
    ['second', 1],
  ])
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 2 })
  for (const delivery of deliveries) delivery.ack()
  await queue.join()
})

test('what waits for a message goes on when its connections are cut, and gets each message once', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using queue = new RedisQueue<string>('jobs', { url: proxy.url })
  for (const value of ['a', 'b', 'c']) {
    const got = queue.get()
    await redis.blocked(1)
    const { connections } = proxy
    proxy.cut()
    await vi.waitFor(() => expect(proxy.connections).toBeGreaterThan(connections), 5_000)
    await queue.put(value)
    const delivery = await got
    expect([delivery.value, delivery.attempt]).toEqual([value, 1])
    delivery.ack()
  }
  await queue.join()
})

test('nothing is lost, and nothing put twice, while all connections are cut again and again', async () => {
  await using proxy = await startProxy(redis.server.port)
  await using producer = new RedisQueue<number>('jobs', { url: proxy.url })
  await using queue = new RedisQueue<number>('jobs', { url: proxy.url, lease: 1_000 })
  const { handled, consumer, done } = startLoad(producer, queue, count)
  let cuts = 0
  await meanwhile(done, 150, () => {
    if (cuts++ < 10) proxy.cut()
  })
  await consumer.stop()
  expect(sorted(handled)).toEqual(numbers)
  expect(handled.values().reduce((sum, times) => sum + times, 0)).toBeLessThan(2 * count)
})

test('nothing is lost or repeated while Redis forgets its scripts all the time', async () => {
  await using producer = new RedisQueue<number>('jobs', { url: redis.url })
  await using queue = new RedisQueue<number>('jobs', { url: redis.url })
  const { handled, consumer, done } = startLoad(producer, queue, count)
  await meanwhile(done, 2, () => redis.client.script('FLUSH'))
  await consumer.stop()
  expect(sorted(handled)).toEqual(numbers)
  expect(new Set(handled.values())).toEqual(new Set([1]))
})

test('a Redis that stands still for 5 s loses nothing, and calls wait for it', async () => {
  await using server = await startDurableRedis()
  await using producer = new RedisQueue<number>('jobs', { url: server.url })
  await using queue = new RedisQueue<number>('jobs', { url: server.url, lease: 10_000 })
  const { handled, consumer, done } = startLoad(producer, queue, count)
  await vi.waitFor(() => expect(handled.size).toBeGreaterThan(50), 5_000)
  await standStill(server.pid, 5_000)
  await done
  await consumer.stop()
  expect(sorted(handled)).toEqual(numbers)
  expect(new Set(handled.values())).toEqual(new Set([1]))
})

test('an ack is told when a server that is busy with a script of somebody else has ended it', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.putMany(['a', 'b'])
  const deliveries = [await queue.get(), await queue.get()]
  await redis.client.config('SET', 'busy-reply-threshold', 1)
  const busy = redis.client.eval('while true do end', 0)
  const killed = expect(busy).rejects.toThrow('Script killed')
  const admin = new Redis(redis.url, { enableReadyCheck: false })
  await vi.waitFor(() => expect(admin.ping()).rejects.toThrow('BUSY'), 5_000)
  deliveries[0]?.ack()
  deliveries[1]?.bury()
  await expect(queue.put('c')).rejects.toThrow('BUSY')
  await admin.script('KILL')
  await killed
  expect(await Promise.all(deliveries.map(({ settled }) => settled))).toEqual([true, true])
  expect(await queue.stats()).toMatchObject({ ready: 0, inFlight: 0, dead: 1 })
  await admin.quit()
  await queue.clear()
})

test('FLUSHALL aborts the signals of what is handled, joins end, and what is put later is handled', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url, lease: 300 })
  const running: Delivery<string>[] = []
  const values: string[] = []
  await using _ = consume(
    queue,
    async (value, delivery) => {
      running.push(delivery)
      if (value === 'late') values.push(value)
      else await once(delivery.signal, 'abort')
    },
    { concurrency: 5 },
  )
  await queue.putMany(Array.from({ length: 100 }, (_, i) => `${i}`))
  await vi.waitFor(() => expect(running).toHaveLength(5), 5_000)
  await redis.client.flushall()
  await queue.join()
  await vi.waitFor(
    () => expect(running.map(({ signal }) => signal.reason?.name)).toEqual(Array(5).fill('LeaseLostError')),
    5_000,
  )
  await queue.put('late')
  await queue.join()
  expect(values).toEqual(['late'])
})

test.each([undefined, 1])(
  'a queue that is paused and full for long costs next to nothing, with partitions: %s',
  async partitions => {
    await using queue = new RedisQueue<string>('jobs', { url: redis.url, capacity: 2, partitions })
    await queue.pause()
    await queue.putMany(['a', 'b'])
    const put = queue.put('c')
    const got = queue.get()
    const calls = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1])
    const before = { calls: await calls(), cpu: process.cpuUsage(), time: performance.now() }
    await vi.waitFor(() => expect(performance.now() - before.time).toBeGreaterThan(4_000), {
      timeout: 6_000,
      interval: 1_000,
    })
    const { user, system } = process.cpuUsage(before.cpu)
    expect((await calls()) - before.calls).toBeLessThan(50)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    await queue.resume()
    const delivery = await got
    delivery.ack()
    await put
    await queue.clear()
  },
)

test('a put that waits for replicas is not lost when the master is killed and the replica promoted', async () => {
  await using opened = new AsyncDisposableStack()
  const master = await startDurableRedis()
  opened.defer(() => master.stop())
  const replica = opened.use(await startDurableRedis({ args: ['--replicaof', '127.0.0.1', String(master.port)] }))
  const admin = new Redis(replica.url)
  opened.defer(async () => void (await admin.quit()))
  await vi.waitFor(async () => expect(await admin.info('replication')).toMatch(/master_link_status:up/), 10_000)
  const queue = new RedisQueue<number>('jobs', { url: master.url })
  const acknowledged: number[] = []
  const putting = (async () => {
    for (const number of numbers) {
      await queue.put(number, { wait: 1 })
      acknowledged.push(number)
    }
  })().catch(() => {})
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(100), 10_000)
  process.kill(replica.pid, 'SIGSTOP')
  const before = acknowledged.length
  const stalled = queue.put(-1, { wait: 1 }).catch(() => {})
  process.kill(master.pid, 'SIGKILL')
  process.kill(replica.pid, 'SIGCONT')
  await admin.replicaof('NO', 'ONE')
  await queue.close()
  await Promise.all([putting, stalled])
  expect(acknowledged.length).toBeLessThanOrEqual(before + 1)
  await using promoted = new RedisQueue<number>('jobs', { url: replica.url })
  const deliveries = await promoted.getMany(1_000)
  expect(acknowledged.filter(number => !deliveries.some(({ value }) => value === number))).toEqual([])
  for (const delivery of deliveries) delivery.ack()
})

test.for(['a b', '正在执行', 'a:b\n', '🙂'.repeat(100)])('a queue may be named %j', async name => {
  await using queue = new RedisQueue<string>(name, { url: redis.url })
  await queue.put('a', { priority: 2 })
  await queue.put('b', { delay: 1 })
  for (let taken = 0; taken < 2; taken++) (await queue.get()).ack()
  await queue.join()
})

test('a name with braces is refused', () => {
  expect(() => new RedisQueue('{a}', { url: redis.url })).toThrow("the name of a queue must have no braces: '{a}'")
})
