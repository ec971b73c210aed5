import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { ConsumerStoppedError, consume, type Delivery, QueueClosedError, type Settlement } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'
import { Held } from './fixtures/held.ts'

/** A consumer of two messages, both running until they are ended. */
async function running() {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const deliveries: Delivery<string>[] = []
  const end = Promise.withResolvers<void>()
  const handler = (_: string, delivery: Delivery<string>) => {
    deliveries.push(delivery)
    return end.promise
  }
  const consumer = consume(fake.queue, handler, { concurrency: 3, clock })
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(deliveries).toHaveLength(2))
  return { fake, clock, consumer, deliveries, end: end.resolve }
}

test('stop takes nothing more and waits for the handlers that run', async () => {
  const { fake, consumer, end } = await running()
  const order: string[] = []
  const stopped = consumer.stop().then(() => order.push('stopped'))
  const { length: takes } = fake.asked
  await turn()
  order.push('handlers end')
  end()
  await stopped
  expect(order).toEqual(['handlers end', 'stopped'])
  expect(fake.asked).toHaveLength(takes)
  expect(fake.settlements.map(([, { type }]) => type)).toEqual(['ack', 'ack'])
})

test('stop waits until the queue has what the last messages were settled with', async () => {
  const { fake, consumer, end } = await running()
  const told = Promise.withResolvers<boolean>()
  const answers = [told.promise, true]
  fake.settle = () => answers.shift() ?? false
  const order: string[] = []
  const stopped = consumer.stop().then(() => order.push('stopped'))
  end()
  await turn()
  order.push('told')
  told.resolve(true)
  await stopped
  expect(order).toEqual(['told', 'stopped'])
})

test('stop hands messages back at its deadline, and aborts the signals of their handlers', async () => {
  const { fake, clock, consumer, deliveries, end } = await running()
  const early = deliveries[0]?.signal
  const stopped = consumer.stop({ deadline: 1000 })
  clock.advance(999)
  await turn()
  expect(fake.settlements).toEqual([])
  clock.advance(1)
  await stopped
  const reason = early?.reason
  expect(reason).toBeInstanceOf(ConsumerStoppedError)
  expect(deliveries[1]?.signal.reason).toBe(reason)
  expect(fake.settlements).toEqual([
    ['a', { type: 'retry', delay: 0, error: reason }],
    ['b', { type: 'retry', delay: 0, error: reason }],
  ])
  expect(consumer.stats().running).toBe(2)
  end()
  await vi.waitFor(() => expect(consumer.stats().running).toBe(0))
  expect(fake.settlements).toHaveLength(2)
})

test('a message that could not be handed back is reported once', async () => {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const onError = vi.fn()
  const end = Promise.withResolvers<void>()
  const consumer = consume(fake.queue, () => end.promise, { clock, onError })
  fake.deliver('a')
  await vi.waitFor(() => expect(consumer.stats().running).toBe(1))
  const lost = new Error('connection lost')
  fake.settle = () => Promise.reject(lost)
  const stopped = [consumer.stop({ deadline: 10 }), consumer.stop({ deadline: 20 })]
  clock.advance(20)
  await Promise.all(stopped)
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(lost, expect.objectContaining({ id: 'a' })))
  end.resolve()
  await vi.waitFor(() => expect(consumer.stats().running).toBe(0))
  await turn()
  expect(onError).toHaveBeenCalledTimes(1)
})

test('stop hands back what a take brings after the deadline', async () => {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const late = Promise.withResolvers<Delivery<string>[]>()
  vi.spyOn(fake, 'getMany').mockReturnValue(late.promise)
  const handler = vi.fn()
  const consumer = consume(fake.queue, handler, { clock })
  const stopped = consumer.stop({ deadline: 10 })
  clock.advance(10)
  await stopped
  late.resolve([fake.delivery('a')])
  await vi.waitFor(() => expect(fake.settlements.map(([, { type }]) => type)).toEqual(['release']))
  expect(handler).not.toHaveBeenCalled()
})

test('stop can be called again, and the earliest deadline holds', async () => {
  const { fake, clock, consumer, end } = await running()
  const all = [consumer.stop(), consumer.stop({ deadline: 1000 }), consumer.stop({ deadline: 10 }), consumer.stop()]
  clock.advance(10)
  await Promise.all(all)
  expect(fake.settlements).toHaveLength(2)
  await consumer.stop({ deadline: 10 })
  expect(clock.pending).toBe(0)
  end()
})

test('stop refuses a deadline that is no time, and stops nothing', async () => {
  const { consumer, end, fake } = await running()
  for (const deadline of [-1, Number.NaN]) await expect(consumer.stop({ deadline })).rejects.toThrow(RangeError)
  await expect(consumer.stop({ deadline: '1 s' as never })).rejects.toThrow(TypeError)
  fake.deliver('c')
  await vi.waitFor(() => expect(consumer.stats().running).toBe(3))
  end()
  await consumer.stop()
})

test('stop ends the wait after a failure of the backend, and leaves no timer', async () => {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const onError = vi.fn()
  const consumer = consume(fake.queue, async () => {}, { onError, clock })
  fake.fail(new Error('no backend'))
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  await consumer.stop()
  expect(clock.pending).toBe(0)
  expect(onError).toHaveBeenCalledTimes(1)
})

test('aborting the signal stops the consumer', async () => {
  const fake = new FakeQueue()
  const controller = new AbortController()
  const onError = vi.fn()
  const consumer = consume(fake.queue, async () => {}, { signal: controller.signal, onError })
  await vi.waitFor(() => expect(fake.asked).toEqual([1]))
  controller.abort()
  await consumer.finished
  expect(onError).not.toHaveBeenCalled()
  const never = consume(fake.queue, async () => {}, { signal: controller.signal })
  await never.finished
  expect(fake.asked).toEqual([1])
})

test('a stopped consumer leaves no listener on its signal', async () => {
  const fake = new FakeQueue()
  const { signal } = new AbortController()
  const consumer = consume(fake.queue, async () => {}, { signal })
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await consumer.stop()
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('stop gives back what no handler has begun as if it had not been taken, the last of it first', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { prefetch: 5 })
  fake.deliver('a', 'b', 'c')
  await vi.waitFor(() => expect(held.running).toEqual(['a']))
  const stopped = consumer.stop()
  expect(fake.settlements).toEqual(['c', 'b'].map(value => [value, { type: 'release' }]))
  expect(consumer.stats().waiting).toBe(0)
  held.end('a')
  await stopped
  expect(held.begun).toEqual(['a'])
})

test('when the queue is closed, what no handler has begun is with the queue', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { prefetch: 5 })
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(held.running).toEqual(['a']))
  fake.fail(new QueueClosedError())
  await vi.waitFor(() => expect(consumer.stats().waiting).toBe(0))
  held.end('a')
  await consumer.finished
  expect(fake.settlements).toEqual([['a', { type: 'ack' }]])
})

test('nothing more is begun when a settlement tells that the queue is closed', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const onError = vi.fn()
  const consumer = consume(fake.queue, held.handler, { prefetch: 5, concurrency: 2, onError })
  fake.deliver('a', 'b', 'c', 'd', 'e', 'f', 'g')
  await vi.waitFor(() => expect(held.running).toEqual(['a', 'b']))
  fake.settle = () => Promise.reject(new QueueClosedError())
  held.end('a')
  await vi.waitFor(() => expect(onError).toHaveBeenCalled())
  await vi.waitFor(() => expect(consumer.stats().waiting).toBe(0))
  held.endAll()
  await consumer.finished
  // The next one may have begun before the consumer was told.
  expect(held.begun).not.toContain('d')
  expect(fake.settlements.map(([value, { type }]) => value + type)).toEqual(held.begun.map(value => `${value}ack`))
})

test('the signal of a queue that makes its own deliveries is followed until they are settled', async () => {
  const fake = new FakeQueue()
  const held = new Held()
  const { signal, abort } = abortable()
  const consumer = consume(fake.queue, held.handler, { concurrency: 3 })
  const own = (value: string) => foreignDelivery(fake, value, signal)
  fake.deliverAll([own('a'), own('b'), own('c')])
  await vi.waitFor(() => expect(held.running).toHaveLength(3))
  const [a, b] = ['a', 'b'].map(value => held.deliveries.get(value) as Delivery<string>)
  const signals = [a?.signal, b?.signal]
  expect(getEventListeners(signal, 'abort')).toHaveLength(2)
  held.end('a')
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toHaveLength(1))
  abort('lost')
  expect(signals.map(each => each?.aborted)).toEqual([false, true])
  expect(b?.signal.reason).toBe('lost')
  expect(held.deliveries.get('c')?.signal.reason).toBe('lost')
  b?.retry({ delay: 3, error: 'why' })
  held.deliveries.get('c')?.bury('no use')
  expect(fake.settlements.slice(1)).toEqual([
    ['b', { type: 'retry', delay: 3, error: 'why' }],
    ['c', { type: 'bury', error: 'no use' }],
  ])
  held.endAll()
  await consumer.stop()
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) }
}

/** A delivery that is no BaseDelivery. */
function foreignDelivery(fake: FakeQueue, value: string, signal: AbortSignal): Delivery<string> {
  const settle = (settlement: Settlement) => void fake.settlements.push([value, settlement])
  return {
    id: value,
    value,
    attempt: 1,
    signal,
    ack: () => settle({ type: 'ack' }),
    retry: ({ delay = 0, error } = {}) => settle({ type: 'retry', delay, error }),
    bury: error => settle({ type: 'bury', error }),
    release: () => settle({ type: 'release' }),
    settled: Promise.resolve(true),
  }
}
