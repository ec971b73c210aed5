import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { consume } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'
import { Held } from './fixtures/held.ts'

test('so many messages are taken beyond those that are handled as prefetch says', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { concurrency: 2, prefetch: 4 })
  fake.deliver('a', 'b', 'c', 'd', 'e', 'f')
  await vi.waitFor(() => expect(held.running).toEqual(['a', 'b']))
  await turn()
  expect(fake.asked).toEqual([6])
  expect(consumer.stats().waiting).toBe(4)
  held.end('a')
  await vi.waitFor(() => expect(held.running).toEqual(['b', 'c']))
  expect(fake.asked).toEqual([6])
  // When half of them are gone, it asks for the others.
  held.end('b')
  await vi.waitFor(() => expect(fake.asked).toEqual([6, 2]))
  await vi.waitFor(() => expect(held.running).toEqual(['c', 'd']))
  held.endAll()
  await consumer.stop()
})

test('by default nothing is taken ahead of a slow handler', async () => {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { clock })
  for (const value of ['a', 'b', 'c']) {
    fake.deliver(value)
    await vi.waitFor(() => expect(held.running).toEqual([value]))
    clock.advance(60)
    held.end(value)
    await vi.waitFor(() => expect(consumer.stats().running).toBe(0))
  }
  await vi.waitFor(() => expect(fake.asked).toEqual([1, 1, 1, 1]))
  await consumer.stop()
})

test('by default a quick handler finds its next messages there: those of 50 ms, at most 64', async () => {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { clock })
  const handle = async (value: string, ms: number) => {
    fake.deliver(value)
    await vi.waitFor(() => expect(held.running).toEqual([value]))
    clock.advance(ms)
    held.end(value)
    await vi.waitFor(() => expect(consumer.stats().running).toBe(0))
  }
  await handle('a', 10)
  await vi.waitFor(() => expect(fake.asked).toEqual([1, 6]))
  await handle('b', 0.1)
  expect(fake.asked).toEqual([1, 6, 5])
  clock.advance(10_000)
  await handle('c', 500)
  expect(fake.asked).toEqual([1, 6, 5, 64])
  await handle('d', 500)
  await vi.waitFor(() => expect(fake.asked).toEqual([1, 6, 5, 64, 1]))
  await consumer.stop()
})

test('a clock that is set back does not end the taking', async () => {
  const fake = new FakeQueue()
  const times = new ManualClock()
  let set = 0
  const clock = { now: () => times.now() - set, after: times.after.bind(times) }
  const handler = async () => {
    set += 1000
  }
  const consumer = consume(fake.queue, handler, { clock })
  for (const count of [1, 2, 3]) {
    fake.deliver('a')
    await vi.waitFor(() => expect(consumer.stats().processed).toBe(count))
  }
  await consumer.stop()
})
