import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { type BatchHandler, type BatchOptions, type ConsumeOptions, consume, type Delivery } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'

function started(batch: BatchOptions, handler: BatchHandler<string>, options: ConsumeOptions<string> = {}) {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const consumer = consume(fake.queue, handler, { clock, backoff: () => 0, ...options, batch })
  return { fake, clock, consumer }
}

test('a batch that cannot be is refused', () => {
  for (const batch of [{ size: 0 }, { size: 1.5 }, { size: 2, linger: -1 }, { size: 2, linger: Number.NaN }]) {
    expect(() => started(batch, () => {})).toThrow(RangeError)
  }
  expect(() => started({} as never, () => {})).toThrow('batch.size must be an integer from 1 on, not undefined')
})

test('a handler is given what is there, as many at a time as the batch holds', async () => {
  const handled: [string[], number[]][] = []
  const { fake, consumer } = started({ size: 2 }, async (values, deliveries) => {
    handled.push([values, deliveries.map(({ attempt }) => attempt)])
  })
  await vi.waitFor(() => expect(fake.asked).toEqual([2]))
  fake.deliver('a', 'b', 'c')
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(3))
  expect(handled).toEqual([
    [
      ['a', 'b'],
      [1, 1],
    ],
    [['c'], [1]],
  ])
  expect(fake.settlements.map(([value, { type }]) => value + type)).toEqual(['aack', 'back', 'cack'])
  await consumer.stop()
})

test('a batch that is not full waits for others as long as its first message may, and no longer', async () => {
  const handler = vi.fn()
  const { fake, clock, consumer } = started({ size: 3, linger: 50 }, handler)
  fake.deliver('a')
  await vi.waitFor(() => expect(consumer.stats().waiting).toBe(1))
  clock.advance(49)
  fake.deliver('b')
  await vi.waitFor(() => expect(consumer.stats().waiting).toBe(2))
  expect(handler).not.toHaveBeenCalled()
  clock.advance(1)
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(2))
  expect(handler.mock.calls.map(([values]) => values)).toEqual([['a', 'b']])

  fake.deliver('c', 'd', 'e')
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(5))
  expect(handler.mock.calls.map(([values]) => values)).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ])
  await consumer.stop()
  expect(clock.pending).toBe(0)
})

test('what is taken ahead is whole batches, so that a batch is not what happened to be there', async () => {
  const held: PromiseWithResolvers<void>[] = []
  const sizes: number[] = []
  const handler: BatchHandler<string> = values => {
    sizes.push(values.length)
    held.push(Promise.withResolvers())
    return held.at(-1)?.promise
  }
  const { fake, consumer } = started({ size: 4 }, handler, { prefetch: 7 })
  await vi.waitFor(() => expect(fake.asked).toEqual([8]))
  fake.deliver(...'abcdefgh')
  await vi.waitFor(() => expect(sizes).toEqual([4]))
  held[0]?.resolve()
  await vi.waitFor(() => expect(sizes).toEqual([4, 4]))
  await vi.waitFor(() => expect(fake.asked).toEqual([8, 4]))
  held[1]?.resolve()
  await consumer.stop()
})

test('a slow handler of batches is given full ones as long as there is enough', async () => {
  const { fake, clock, consumer } = started({ size: 100 }, async () => clock.advance(100))
  for (let taken = 1; taken <= 4; taken++) {
    await vi.waitFor(() => expect(fake.asked).toHaveLength(taken))
    fake.deliver(...Array.from({ length: fake.asked.at(-1) as number }, (_, i) => `${i}`))
  }
  await consumer.stop()
  expect(fake.asked.slice(0, 4)).toEqual([100, 100, 100, 100])
})

test('when a batch fails, what its handler has not settled itself is retried, or buried', async () => {
  const failure = new Error('failed')
  const { fake, consumer } = started(
    { size: 3 },
    async (_, deliveries) => {
      deliveries[0]?.ack()
      throw failure
    },
    { retries: 1 },
  )
  await vi.waitFor(() => expect(fake.asked).toHaveLength(1))
  fake.deliverAll([fake.delivery('a'), fake.delivery('b'), fake.delivery('c', 2)])
  await vi.waitFor(() => expect(consumer.stats().failed).toBe(3))
  expect(fake.settlements).toEqual([
    ['a', { type: 'ack' }],
    ['b', { type: 'retry', delay: 0, error: failure }],
    ['c', { type: 'bury', error: failure }],
  ])
  await consumer.stop()
})

test('a batch has messages of one key', async () => {
  const handled: string[] = []
  const { fake, consumer } = started({ size: 2 }, values => void handled.push(values.join()), {
    key: value => value[0],
    prefetch: 5,
  })
  fake.deliver('a1', 'b1', 'a2', 'b2', 'a3')
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(5))
  expect(handled).toEqual(['a1,a2', 'b1,b2', 'a3'])
  await consumer.stop()
})

test('a handler that changes its arrays changes nothing else', async () => {
  const { fake, consumer } = started({ size: 2 }, (values, deliveries) => {
    values.length = 0
    deliveries.length = 0
  })
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(fake.settlements.map(([value]) => value)).toEqual(['a', 'b']))
  await consumer.stop()
})

test('a batch whose time is over has all its signals aborted, and stop gives back one that lingers', async () => {
  const end = Promise.withResolvers<void>()
  const seen: Delivery<string>[] = []
  const handler: BatchHandler<string> = (_, deliveries) => {
    seen.push(...deliveries)
    return end.promise
  }
  const { fake, clock, consumer } = started({ size: 2, linger: 1000 }, handler, { timeout: 10, concurrency: 2 })
  fake.deliver('a', 'b', 'c')
  await vi.waitFor(() => expect(seen).toHaveLength(2))
  clock.advance(10)
  expect(seen.map(({ signal }) => signal.aborted)).toEqual([true, true])
  const stopped = consumer.stop()
  expect(fake.settlements).toEqual([['c', { type: 'release' }]])
  end.resolve()
  await stopped
  await turn()
  expect(clock.pending).toBe(0)
})
