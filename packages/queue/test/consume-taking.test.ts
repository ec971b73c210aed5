import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { consume, QueueClosedError } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'

test('consume refuses bad arguments and starts nothing', () => {
  const fake = new FakeQueue()
  const handler = async () => {}
  const start = (options: object) => () => consume(fake.queue, handler, options)
  for (const concurrency of [0, -1, 1.5, Number.NaN, Infinity]) {
    expect(start({ concurrency })).toThrow(RangeError)
  }
  for (const retries of [-1, 0.5, Number.NaN]) expect(start({ retries })).toThrow(RangeError)
  for (const prefetch of [-1, 0.5, Infinity]) expect(start({ prefetch })).toThrow(RangeError)
  for (const concurrencyPerKey of [0, 1.5, Infinity]) expect(start({ concurrencyPerKey })).toThrow(RangeError)
  for (const bad of [-1, Number.NaN]) {
    expect(start({ timeout: bad })).toThrow(RangeError)
    expect(start({ grace: bad })).toThrow(RangeError)
  }
  expect(start({ key: 'id' })).toThrow(TypeError)
  expect(start({ clock: Date })).toThrow(TypeError)
  expect(start({ concurrency: '4' })).toThrow("concurrency must be an integer from 1 on, not '4'")
  expect(start({ backoff: 100 })).toThrow(TypeError)
  expect(start({ onError: 'log' })).toThrow(TypeError)
  expect(start({ signal: new AbortController() })).toThrow(TypeError)
  expect(() => consume(fake.queue, undefined as never)).toThrow(TypeError)
  for (const none of [[], null]) {
    expect(() => consume(none as never, handler)).toThrow('queue.getMany must be a function, not undefined')
  }
  expect(fake.asked).toEqual([])
})

test('a consumer tells the queue how long it may be busy with a message', async () => {
  for (const [options, holdFor] of [
    [{ timeout: 100, grace: 50 }, 150],
    [{ timeout: 100 }, 5_100],
    [{}, Infinity],
  ] as const) {
    const fake = new FakeQueue()
    const taking = vi.spyOn(fake, 'getMany')
    await using _ = consume(fake.queue, () => {}, options)
    await vi.waitFor(() => expect(taking).toHaveBeenCalled())
    expect(taking.mock.calls[0]?.[1]).toMatchObject({ holdFor })
  }
})

test('a consumer takes as many messages as it has free slots, and none while it has none', async () => {
  const fake = new FakeQueue()
  const ends: (() => void)[] = []
  await using consumer = consume(fake.queue, () => new Promise<void>(resolve => ends.push(resolve)), { concurrency: 3 })
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(fake.asked).toEqual([3, 1]))
  fake.deliver('c')
  await vi.waitFor(() => expect(consumer.stats().running).toBe(3))
  await turn()
  expect(fake.asked).toEqual([3, 1])
  ends[1]?.()
  await vi.waitFor(() => expect(fake.asked).toEqual([3, 1, 1]))
  for (const end of ends) end()
})

test('a consumer lets timers and I/O have their turn, however quick its handlers are', async () => {
  const fake = new FakeQueue()
  await using consumer = consume(fake.queue, name => fake.deliver(name))
  fake.deliver('for ever')
  await turn()
  await turn()
  expect(consumer.stats().processed).toBeGreaterThan(100)
})

test('a consumer goes on after failures of the backend, reports them, and waits longer after each', async () => {
  using _ = vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const clock = new ManualClock()
  const fake = new FakeQueue()
  const onError = vi.fn()
  await using consumer = consume(fake.queue, async () => {}, { onError, clock })
  const failures = [new Error('first'), new Error('second')]
  for (const error of failures) fake.fail(error)
  await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
  clock.advance(50)
  await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(2))
  expect(onError.mock.calls).toEqual(failures.map(error => [error, undefined]))
  clock.advance(99)
  await turn()
  expect(fake.asked).toHaveLength(2)
  clock.advance(1)
  fake.deliver('a')
  await vi.waitFor(() => expect(consumer.stats().processed).toBe(1))

  fake.fail(new Error('the first of others'))
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  clock.advance(50)
  expect(clock.pending).toBe(0)
})

test('what fails beyond an attempt becomes a process warning where there is no onError', async () => {
  using warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const fake = new FakeQueue()
  await using _ = consume(fake.queue, async () => {})
  fake.settle = () => Promise.reject(new Error('connection lost'))
  fake.deliver('a')
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1))
  fake.fail(new Error('no backend'))
  await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(2))
  expect(warn.mock.calls.map(([message, type]) => [String(message).split('\n')[0], type])).toEqual([
    ['a consumer goes on after: Error: connection lost', 'ConsumerWarning'],
    ['a consumer goes on after: Error: no backend', 'ConsumerWarning'],
  ])
})

test('a settlement that the queue could not be told of is reported with its delivery', async () => {
  const fake = new FakeQueue()
  const onError = vi.fn()
  const lost = new Error('connection lost')
  fake.settle = () => {
    throw lost
  }
  await using _ = consume(fake.queue, async () => {}, { onError })
  fake.deliver('a')
  await vi.waitFor(() => expect(onError).toHaveBeenCalledExactlyOnceWith(lost, expect.objectContaining({ id: 'a' })))
})

test('a consumer has finished when its queue is closed and its handlers have ended', async () => {
  const fake = new FakeQueue()
  const onError = vi.fn()
  const running = Promise.withResolvers<void>()
  const consumer = consume(fake.queue, () => running.promise, { concurrency: 2, onError })
  fake.deliver('a')
  await vi.waitFor(() => expect(consumer.stats().running).toBe(1))
  fake.fail(new QueueClosedError())
  const order: string[] = []
  const finished = consumer.finished.then(() => order.push('finished'))
  await turn()
  order.push('handler ends')
  running.resolve()
  await finished
  expect(order).toEqual(['handler ends', 'finished'])
  expect(onError).not.toHaveBeenCalled()
})
