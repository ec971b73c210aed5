import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { consume, type Delivery, QueueClosedError } from '../src/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'
import { Held } from './fixtures/held.ts'

test('a consumer that is paused gives back what no handler has begun, and takes nothing; its handlers go on', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { prefetch: 5 })
  fake.deliver('a', 'b', 'c')
  await vi.waitFor(() => expect(held.running).toEqual(['a']))
  consumer.pause()
  consumer.pause()
  expect(fake.settlements).toEqual(['c', 'b'].map(value => [value, { type: 'release' }]))
  const { length } = fake.asked
  held.end('a')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, waiting: 0, processed: 1 }))
  await turn()
  expect(fake.asked).toHaveLength(length)

  consumer.resume()
  consumer.resume()
  fake.deliver('b')
  await vi.waitFor(() => expect(held.running).toEqual(['b']))
  held.end('b')
  await consumer.stop()
})

test('what a take brings while the consumer is paused goes back, and after resume it is handled', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const takes: PromiseWithResolvers<Delivery<string>[]>[] = []
  vi.spyOn(fake, 'getMany').mockImplementation(() => {
    const take = Promise.withResolvers<Delivery<string>[]>()
    takes.push(take)
    return take.promise
  })
  const consumer = consume(fake.queue, held.handler)
  await vi.waitFor(() => expect(takes).toHaveLength(1))
  consumer.pause()
  takes[0]?.resolve([fake.delivery('late')])
  await vi.waitFor(() => expect(fake.settlements).toEqual([['late', { type: 'release' }]]))

  consumer.resume()
  await vi.waitFor(() => expect(takes).toHaveLength(2))
  consumer.pause()
  consumer.resume()
  takes[1]?.resolve([fake.delivery('in time')])
  await vi.waitFor(() => expect(held.running).toEqual(['in time']))
  held.endAll()
  const stopped = consumer.stop()
  for (const take of takes) take.reject(new QueueClosedError())
  await stopped
})

test('a paused consumer can be stopped, and a stopped one not be resumed', async () => {
  const fake = new FakeQueue()
  const consumer = consume(fake.queue, async () => {})
  await vi.waitFor(() => expect(fake.asked).toHaveLength(1))
  consumer.pause()
  await consumer.stop()
  consumer.resume()
  consumer.pause()
  await turn()
  expect(fake.asked).toHaveLength(1)
})

test('a handler may pause and stop its consumer', async () => {
  const fake = new FakeQueue()
  const consumer = consume(
    fake.queue,
    name => {
      if (name === 'a') consumer.pause()
      else void consumer.stop()
    },
    { prefetch: 5 },
  )
  fake.deliver('a', 'b')
  await vi.waitFor(() =>
    expect(fake.settlements.map(([value, { type }]) => value + type)).toEqual(['brelease', 'aack']),
  )
  consumer.resume()
  fake.deliver('c', 'd')
  await consumer.finished
  expect(fake.settlements.slice(2).map(([value, { type }]) => value + type)).toEqual(['drelease', 'cack'])
})
