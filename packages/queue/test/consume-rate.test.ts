import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { consume, type RateOptions } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'

function started(rate: RateOptions, ...values: string[]) {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const times: number[] = []
  const handler = () => void times.push(clock.now())
  const consumer = consume(fake.queue, handler, { rate, clock, concurrency: 10, prefetch: 10 })
  fake.deliver(...values)
  return { fake, clock, times, consumer }
}

/** Lets the consumer go on after each call, too, when it has let timers and I/O have their turn. */
async function advance(clock: ManualClock, ms: number, times: number) {
  for (let step = 0; step < times; step++) {
    clock.advance(ms)
    await turn()
  }
}

const five = ['a', 'b', 'c', 'd', 'e']

test('a rate that is none is refused', () => {
  for (const limit of [0, -1, 1.5, Number.NaN, Infinity]) expect(() => started({ limit })).toThrow(RangeError)
  for (const per of [0, -1, Number.NaN, Infinity]) expect(() => started({ limit: 1, per })).toThrow(RangeError)
  expect(() => started({ limit: 1, burst: 0 })).toThrow('rate.burst must be an integer from 1 on, not 0')
  expect(() => started('10/s' as never)).toThrow(TypeError)
})

test('handlers are called in a row as often as the burst allows, and then one after the other at the rate', async () => {
  const { clock, times, consumer } = started({ limit: 10, burst: 2 }, ...five)
  await vi.waitFor(() => expect(times).toEqual([0, 0]))
  await advance(clock, 33, 3)
  expect(times).toHaveLength(2)
  await advance(clock, 1, 300)
  expect(times).toEqual([0, 0, 100, 200, 300])
  await consumer.stop()
  expect(clock.pending).toBe(0)
})

test('tokens are gained while nothing comes, up to the burst', async () => {
  const { fake, clock, times, consumer } = started({ limit: 3, per: 30 }, 'a')
  await vi.waitFor(() => expect(times).toEqual([0]))
  clock.advance(10_000)
  fake.deliver(...five)
  await vi.waitFor(() => expect(times).toHaveLength(4))
  await advance(clock, 1, 20)
  expect(times).toEqual([0, 10_000, 10_000, 10_000, 10_010, 10_020])
  await consumer.stop()
})

test('a rate whose times are no whole numbers is kept, too', async () => {
  const { clock, times, consumer } = started({ limit: 3, per: 1, burst: 1 }, ...five)
  await vi.waitFor(() => expect(times).toHaveLength(1))
  await advance(clock, 0.1, 14)
  expect(times).toHaveLength(5)
  await consumer.stop()
})

test('a consumer takes no more than it may handle, and asks again when it may', async () => {
  const { fake, clock, consumer } = started({ limit: 2, per: 100 })
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(0))
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(2))
  const { length } = fake.asked
  expect(fake.asked[0]).toBe(2)
  clock.advance(50)
  fake.deliver('c')
  await vi.waitFor(() => expect(fake.asked).toHaveLength(length + 1))
  expect(fake.asked.at(-1)).toBe(1)
  await consumer.stop()
})

test('stop and pause wait for no token', async () => {
  const { fake, clock, times, consumer } = started({ limit: 1, burst: 1 }, 'a', 'b')
  await vi.waitFor(() => expect(times).toHaveLength(1))
  consumer.pause()
  expect(clock.pending).toBe(0)
  expect(fake.settlements.at(-1)).toEqual(['b', { type: 'release' }])
  consumer.resume()
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  await consumer.stop()
  expect(clock.pending).toBe(0)
  expect(times).toHaveLength(1)
})
