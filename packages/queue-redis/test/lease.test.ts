import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { TimeoutError } from '@fosen/queue'
import { expect, test, vi } from 'vitest'
import { LeaseLostError, RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

/** A consumer whose leases nobody extends. */
function stuckQueue<T>(lease = 50) {
  return new RedisQueue<T>('jobs', { url: redis.url, lease, maxLease: 0 })
}

test('a lost lease aborts the signal and refuses the ack, and the message is delivered exactly once more', async () => {
  await using stuck = stuckQueue<string>()
  await using other = new RedisQueue<string>('jobs', { url: redis.url, lease: 60_000 })
  const id = await stuck.put('a')
  const lost = await stuck.get()

  const again = await other.get()
  expect([again.id, again.value, again.attempt]).toEqual([id, 'a', 2])
  if (!lost.signal.aborted) await once(lost.signal, 'abort')
  expect(lost.signal.reason).toBeInstanceOf(LeaseLostError)
  lost.ack()
  expect(await lost.settled).toBe(false)

  again.ack()
  expect(await again.settled).toBe(true)
  await expect(other.get({ timeout: 0 })).rejects.toThrow(TimeoutError)
})

test('a settlement that comes before the heartbeat has noticed is refused, too', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  const first = await queue.get()
  await redis.client.del('{jobs}:l')
  await queue.put('b')
  const second = await queue.get()
  first.bury()
  second.ack()
  expect([await first.settled, await second.settled]).toEqual([false, true])
  expect((await queue.stats()).dead).toBe(0)
  redis.keep('{jobs}:f')
})

test('the lease of a message that is worked on for longer is extended', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url, lease: 300 })
  await queue.put('a')
  const delivery = await queue.get()
  const [token] = (await redis.client.zrangeBuffer('{jobs}:l', '0', '0')) as [Buffer]
  const end = async () => Number(await redis.client.zscore('{jobs}:l', token))
  const first = await end()
  await vi.waitFor(async () => expect(await end()).toBeGreaterThan(first + 1_000), 10_000)
  expect(delivery.signal.aborted).toBe(false)
  delivery.ack()
  expect(await delivery.settled).toBe(true)
})

test('a message whose lease was lost before its consumer could see it is not delivered there', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url, lease: 100 })
  const got = queue.get()
  await redis.blocked(1)
  // Meanwhile this event loop stands still.
  spawnSync(process.execPath, [fileURLToPath(new URL('fixtures/lose-lease.ts', import.meta.url)), redis.url])
  await queue.put('b')
  const delivery = await got
  expect(delivery.value).toBe('b')
  delivery.ack()
})

test('the message of a consumer that is killed comes back after the lease', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const id = await queue.put('a')
  const consumer = spawn(
    process.execPath,
    [fileURLToPath(new URL('fixtures/consumer.ts', import.meta.url)), redis.url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(consumer.stdout, 'data')
  expect(JSON.parse(line)).toEqual({ value: 'a', attempt: 1 })
  consumer.kill('SIGKILL')

  const delivery = await queue.get()
  expect([delivery.id, delivery.value, delivery.attempt]).toEqual([id, 'a', 2])
  delivery.ack()
  expect(await delivery.settled).toBe(true)
})

test('a delivery that is settled after the queue was closed rejects, and its message comes back', async () => {
  const queue = new RedisQueue<string>('jobs', { url: redis.url, lease: 50 })
  await queue.put('a')
  const delivery = await queue.get()
  await queue.close()
  delivery.ack()
  await expect(delivery.settled).rejects.toThrow('the queue is closed')

  await using other = new RedisQueue<string>('jobs', { url: redis.url })
  const again = await other.get()
  expect(again.attempt).toBe(2)
  again.ack()
})

test('more leases than one take looks at come back, too, in their order, and what was acked does not', async () => {
  await using stuck = stuckQueue<number>(60_000)
  await using other = new RedisQueue<number>('jobs', { url: redis.url })
  const values = Array.from({ length: 100 }, (_, i) => i)
  await stuck.putMany(values)
  const batches = []
  for (let taken = 0; taken < 100; taken += 5) batches.push(await stuck.getMany(5))
  const acked = batches.map(([, second]) => second)
  for (const delivery of acked) delivery?.ack()
  for (const delivery of acked) expect(await delivery?.settled).toBe(true)
  const tokens = await redis.client.zrange('{jobs}:l', '0', '-1')
  for (const [place, token] of tokens.entries()) await redis.client.zadd('{jobs}:l', 'XX', place, token)
  const again: number[] = []
  while (again.length < 80) {
    const delivery = await other.get()
    expect(delivery.attempt).toBe(2)
    again.push(delivery.value)
    delivery.ack()
  }
  expect(again).toEqual(values.filter(value => value % 5 !== 1))
})
