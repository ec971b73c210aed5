import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { type ConsumeOptions, consume, HandlerAbandonedError, TimeoutError } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'
import { Held } from './fixtures/held.ts'

async function started(options: ConsumeOptions<string> = {}, ...values: string[]) {
  const fake = new FakeQueue()
  const clock = new ManualClock()
  const held = new Held()
  const onError = vi.fn()
  const settings = { timeout: 100, grace: 50, backoff: () => 0, clock, onError, ...options, batch: undefined }
  const consumer = consume(fake.queue, held.handler, settings)
  fake.deliver(...values)
  await vi.waitFor(() => expect(held.running).toHaveLength(Math.min(values.length, options.concurrency ?? 1)))
  return { fake, clock, held, onError, consumer }
}

test('a handler that is not done in time has its signal aborted, and its message is retried when it has ended', async () => {
  const { fake, clock, held, onError, consumer } = await started({}, 'a')
  const { signal } = held.deliveries.get('a') as { signal: AbortSignal }
  clock.advance(99)
  expect(signal.aborted).toBe(false)
  clock.advance(1)
  expect(signal.reason).toBeInstanceOf(TimeoutError)
  await turn()
  expect(fake.settlements).toEqual([])
  held.end('a')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 0, failed: 1, abandoned: 0 }))
  expect(fake.settlements).toEqual([['a', { type: 'retry', delay: 0, error: signal.reason }]])
  expect(onError).toHaveBeenCalledExactlyOnceWith(signal.reason, expect.objectContaining({ id: 'a' }))
  await consumer.stop()
  expect(clock.pending).toBe(0)
})

test('a handler that goes on after its grace is abandoned: its place is free, and its message is retried', async () => {
  const { fake, clock, held, onError, consumer } = await started({}, 'a', 'b')
  clock.advance(150)
  await vi.waitFor(() => expect(held.begun).toEqual(['a', 'b']))
  expect(consumer.stats()).toMatchObject({ running: 1, failed: 1, abandoned: 1 })
  const [, settlement] = fake.settlements[0] as [string, { type: string; error: Error }]
  expect(settlement.type).toBe('retry')
  expect(settlement.error).toBeInstanceOf(HandlerAbandonedError)
  expect(settlement.error.cause).toBeInstanceOf(TimeoutError)
  expect(onError).toHaveBeenCalledTimes(1)

  held.end('a', 'b')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 1, failed: 1, abandoned: 0 }))
  await consumer.stop()
  expect(clock.pending).toBe(0)
})

test('what an abandoned handler fails with is told, unless it is why it was aborted', async () => {
  const { clock, held, onError, consumer } = await started({ concurrency: 2 }, 'a', 'b')
  clock.advance(150)
  expect(onError).toHaveBeenCalledTimes(2)
  held.fail('a', held.deliveries.get('a')?.signal.reason)
  const late = new Error('late')
  held.fail('b', late)
  await vi.waitFor(() => expect(consumer.stats().abandoned).toBe(0))
  expect(onError).toHaveBeenCalledTimes(3)
  expect(onError).toHaveBeenLastCalledWith(late, expect.objectContaining({ id: 'b' }))
  await consumer.stop()
})

test('a handler that is abandoned is a process warning where there is no onError', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const { clock, held, consumer } = await started({ onError: undefined }, 'a')
  clock.advance(150)
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]?.[0]).toContain('HandlerAbandonedError')
  held.end('a')
  await consumer.stop()
})

test('each handler has its own time, and one that is done in time leaves nothing on the clock', async () => {
  const { fake, clock, held, consumer } = await started({ concurrency: 2 }, 'a')
  clock.advance(60)
  fake.deliver('b')
  await vi.waitFor(() => expect(held.running).toEqual(['a', 'b']))
  clock.advance(40)
  expect(held.deliveries.get('a')?.signal.aborted).toBe(true)
  expect(held.deliveries.get('b')?.signal.aborted).toBe(false)
  held.end('a', 'b')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 1, failed: 1 }))
  expect(clock.pending).toBe(0)
  await consumer.stop()
})

test('the last attempt that times out is buried', async () => {
  const { fake, clock, held, consumer } = await started({ retries: 0 }, 'a')
  clock.advance(100)
  held.end('a')
  await vi.waitFor(() => expect(fake.settlements.map(([, { type }]) => type)).toEqual(['bury']))
  await consumer.stop()
})

test('a message that was handed back at the deadline of stop is not timed any longer', async () => {
  const { fake, clock, held, onError, consumer } = await started({}, 'a')
  const stopped = consumer.stop({ deadline: 10 })
  clock.advance(10)
  await stopped
  expect(clock.pending).toBe(0)
  clock.advance(1000)
  expect(consumer.stats()).toMatchObject({ running: 1, abandoned: 0 })
  held.end('a')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 1 }))
  expect(fake.settlements).toHaveLength(1)
  expect(onError).not.toHaveBeenCalled()
})

test('a handler that settles its delivery after the grace changes nothing', async () => {
  const { fake, clock, held, consumer } = await started({}, 'a')
  clock.advance(150)
  held.deliveries.get('a')?.ack()
  expect(fake.settlements.map(([, { type }]) => type)).toEqual(['retry'])
  held.end('a')
  await consumer.stop()
})
