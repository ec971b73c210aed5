import { setImmediate as turn } from 'node:timers/promises'
import { QueueClosedError } from '@fosen/queue'
import { afterEach, expect, test, vi } from 'vitest'
import { type Codec, RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

afterEach(() => {
  vi.useRealTimers()
})

/** From here on those who wait do not ask by themselves whether there is something: they have to be woken. */
function stopAsking() {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
}

test('what came for a get that was aborted goes to another queue object that waits', async () => {
  stopAsking()
  await using one = new RedisQueue<string>('jobs', { url: redis.url })
  await using other = new RedisQueue<string>('jobs', { url: redis.url })
  const controller = new AbortController()
  const aborted = one.get({ signal: controller.signal })
  await redis.blocked(1)
  const got = other.get()
  await redis.blocked(2)
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  await one.put('a')
  const delivery = await got
  expect([delivery.value, delivery.attempt]).toEqual(['a', 1])
  delivery.ack()
})

test.for(['put', 'retry'] as const)(
  'a delayed %s is noticed at once by those who wait at the same queue object',
  async how => {
    stopAsking()
    await using queue = new RedisQueue<string>('jobs', { url: redis.url })
    await queue.put('a')
    const delivery = await queue.get()
    const got = queue.get()
    await redis.blocked(1)
    if (how === 'put') await queue.put('b', { delay: 5 })
    else delivery.retry({ delay: 5 })
    let isThere = false
    got.then(() => {
      isThere = true
    })
    // Of the 500 ms between two questions pass a few at most, one with each answer of the server.
    for (let ms = 0; ms < 400 && !isThere; ms++) {
      await queue.stats()
      vi.advanceTimersByTime(1)
    }
    expect(isThere).toBe(true)
    delivery.ack()
    const again = await got
    again.ack()
  },
)

test('a retried message goes to one who waits at the same queue object', async () => {
  stopAsking()
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.put('a')
  const delivery = await queue.get()
  const got = queue.get()
  await redis.blocked(1)
  delivery.retry()
  const again = await got
  expect(again.attempt).toBe(2)
  again.ack()
})

test('a put whose signal is aborted while it is on its way is put', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.stats()
  const controller = new AbortController()
  const put = queue.put('a', { signal: controller.signal })
  await turn()
  controller.abort()
  const id = await put
  const delivery = await queue.get()
  expect(delivery.id).toBe(id)
  delivery.ack()
})

test('nothing is lost or delivered twice while gets are aborted all the time', async () => {
  await using queue = new RedisQueue<number>('jobs', { url: redis.url })
  const values = Array.from({ length: 300 }, (_, i) => i)
  const got: number[] = []
  const producing = (async () => {
    for (const value of values) await queue.put(value)
  })()
  const consume = async (patience: number) => {
    while (got.length < values.length) {
      const signal = AbortSignal.timeout(patience)
      const deliveries = await queue.getMany(3, { signal }).catch(() => [])
      for (const delivery of deliveries) {
        expect(delivery.attempt).toBe(1)
        got.push(delivery.value)
        delivery.ack()
      }
    }
  }
  await Promise.all([producing, consume(0), consume(1), consume(2)])
  await queue.join()
  expect(got.toSorted((a, b) => a - b)).toEqual(values)
})

test('an aborted get leaves no listener behind', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const { signal } = new AbortController()
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  await queue.put('a', { signal })
  const delivery = await queue.get({ signal })
  delivery.ack()
  await queue.join({ signal })
  expect(added.mock.calls.length).toBe(3)
  expect(removed.mock.calls).toEqual(added.mock.calls)
})

test('clear removes all, and what is in flight is lost to its consumer', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.putMany(['a', 'b', 'c'])
  await queue.put('d', { delay: 60_000 })
  const [first, second] = await queue.getMany(2)
  first?.bury()
  await first?.settled
  await queue.clear()
  second?.ack()
  expect(await second?.settled).toBe(false)
  expect(await queue.stats()).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 })
})

test('closing gives back what a take under way brings', async () => {
  await using other = new RedisQueue<string>('jobs', { url: redis.url })
  await other.put('a')
  const queue = new RedisQueue<string>('jobs', { url: redis.url })
  const got = expect(queue.get()).rejects.toThrow(QueueClosedError)
  await queue.close()
  await got
  expect(await other.stats()).toMatchObject({ ready: 1, inFlight: 0 })
  const delivery = await other.get()
  expect(delivery.attempt).toBe(1)
  delivery.ack()
})

test('closing waits until all of a large put is there', async () => {
  await using other = new RedisQueue<number>('jobs', { url: redis.url })
  const queue = new RedisQueue<number>('jobs', { url: redis.url })
  const put = queue.putMany(Array.from({ length: 12_000 }, (_, i) => i))
  const late = queue.put(12_000, { delay: 60_000 })
  await queue.close()
  expect(new Set([...(await put), await late]).size).toBe(12_001)
  expect(await other.stats()).toMatchObject({ ready: 12_000, delayed: 1 })
  await other.clear()
})

test('a full memory refuses puts, and messages are taken and acked still', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await queue.putMany(['a', 'b'])
  await redis.client.config('SET', 'maxmemory', 1)
  await expect(queue.put('c')).rejects.toThrow('OOM')
  for (const value of ['a', 'b']) {
    const delivery = await queue.get()
    delivery.ack()
    expect([delivery.value, await delivery.settled]).toEqual([value, true])
  }
  const got = queue.get()
  await redis.info('commandstats', /^cmdstat_blmove:.*rejected_calls=[1-9]/m)
  await redis.client.config('SET', 'maxmemory', 0)
  await queue.put('d')
  ;(await got).ack()
})

test('bad names and options are refused', () => {
  const { url } = redis
  expect(() => new RedisQueue('', { url })).toThrow("the name must be a string that is not empty, not ''")
  expect(() => new RedisQueue('{a}', { url })).toThrow("the name of a queue must have no braces: '{a}'")
  const codec = { encode: String } as unknown as Codec<string>
  expect(() => new RedisQueue('jobs', { url, codec })).toThrow('codec must have the functions encode and decode')
  for (const lease of [0, 9, -1, Number.NaN, Infinity]) {
    expect(() => new RedisQueue('jobs', { url, lease })).toThrow(RangeError)
  }
  for (const capacity of [0, -1, 1.5, Number.NaN]) {
    expect(() => new RedisQueue('jobs', { url, capacity })).toThrow(RangeError)
  }
  for (const partitions of [0, 1.5, 65_537]) {
    expect(() => new RedisQueue('jobs', { url, partitions })).toThrow(RangeError)
  }
})
