import { TimeoutError } from '@fosen/queue'
import { expect, test, vi } from 'vitest'
import { RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const hour = 3_600_000
const now = Date.now

test('machines whose clocks differ by two hours delay, lease and settle as if they were one', async () => {
  using clock = vi.spyOn(Date, 'now')
  const source = { url: redis.url, lease: 1_000 }
  await using producer = new RedisQueue<string>('jobs', source)
  await using consumer = new RedisQueue<string>('jobs', source)
  // The lease is not to run out while the heartbeat starts.
  await expect(consumer.get({ timeout: 0 })).rejects.toThrow(TimeoutError)
  await vi.waitFor(async () => expect((await consumer.health()).sinceHeartbeat).toBeDefined(), { timeout: 10_000 })
  clock.mockImplementation(() => now() + hour)
  const start = performance.now()
  await producer.put('late', { delay: 2_100 })
  await producer.put('soon')

  clock.mockImplementation(() => now() - hour)
  const soon = await consumer.get()
  expect([soon.value, soon.attempt]).toEqual(['soon', 1])
  const late = await consumer.get()
  // Meanwhile the lease of the other has been extended twice.
  expect(performance.now() - start).toBeGreaterThan(2_090)
  expect([late.value, late.attempt]).toEqual(['late', 1])
  await expect(producer.get({ timeout: 0 })).rejects.toThrow(TimeoutError)

  late.retry({ delay: 100 })
  soon.ack()
  expect(await soon.settled).toBe(true)
  const again = await consumer.get()
  expect([again.value, again.attempt]).toEqual(['late', 2])
  again.ack()
  await consumer.join()
})
