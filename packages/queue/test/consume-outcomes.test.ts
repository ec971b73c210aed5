import { expect, test, vi } from 'vitest'
import { AttemptsExhaustedError, consume, type Delivery, type Handler } from '../src/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'

const failure = new Error('failed')
const fails: Handler<string> = () => Promise.reject(failure)
const always = (ms: number) => () => ms

test('a message whose handler fulfils, or returns, is acked', async () => {
  const fake = new FakeQueue()
  await using consumer = consume(fake.queue, name => (name === 'quick' ? undefined : Promise.resolve()))
  fake.deliver('quick')
  fake.deliver('slow')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 2, failed: 0 }))
  expect(fake.settlements).toEqual([
    ['quick', { type: 'ack' }],
    ['slow', { type: 'ack' }],
  ])
})

test('a message whose handler rejects or throws is retried with the delay of the backoff and the error', async () => {
  const fake = new FakeQueue()
  const backoff = vi.fn(always(70))
  const throws = () => {
    throw failure
  }
  await using consumer = consume(fake.queue, (name, delivery) => (name === 'a' ? fails(name, delivery) : throws()), {
    backoff,
  })
  fake.deliver('a')
  fake.deliverAttempt(3, 'b')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 0, failed: 2 }))
  expect(fake.settlements).toEqual([
    ['a', { type: 'retry', delay: 70, error: failure }],
    ['b', { type: 'retry', delay: 70, error: failure }],
  ])
  expect(backoff.mock.calls).toEqual([
    [1, failure],
    [3, failure],
  ])
})

test('a message is buried when the last of its attempts fails', async () => {
  const fake = new FakeQueue()
  await using consumer = consume(fake.queue, fails, { retries: 1, backoff: always(0) })
  fake.deliverAttempt(1, 'a')
  fake.deliverAttempt(2, 'b')
  await vi.waitFor(() => expect(consumer.stats().failed).toBe(2))
  expect(fake.settlements.map(([name, { type }]) => [name, type])).toEqual([
    ['a', 'retry'],
    ['b', 'bury'],
  ])
})

test('a message is retried for ever with Infinity retries', async () => {
  const fake = new FakeQueue()
  await using consumer = consume(fake.queue, fails, { retries: Infinity })
  fake.deliverAttempt(10_000, 'a')
  await vi.waitFor(() => expect(consumer.stats().failed).toBe(1))
  expect(fake.settlements[0]?.[1].type).toBe('retry')
})

test('a message that outlived all its attempts is buried without running the handler', async () => {
  const fake = new FakeQueue()
  const handler = vi.fn(async () => {})
  const onError = vi.fn()
  await using consumer = consume(fake.queue, handler, { retries: 2, onError })
  fake.deliverAttempt(4, 'a')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 0, failed: 1 }))
  expect(handler).not.toHaveBeenCalled()
  const error: unknown = onError.mock.calls[0]?.[0]
  expect(error).toBeInstanceOf(AttemptsExhaustedError)
  expect(fake.settlements).toEqual([['a', { type: 'bury', error }]])
})

test('a handler that settles its delivery itself has the last word, and its failure is still reported', async () => {
  const fake = new FakeQueue()
  const onError = vi.fn()
  const handler: Handler<string> = async (name, delivery) => {
    if (name === 'a') return delivery.bury('no use')
    delivery.ack()
    throw failure
  }
  await using consumer = consume(fake.queue, handler, { onError })
  fake.deliver('a')
  fake.deliver('b')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 1, failed: 1 }))
  expect(fake.settlements).toEqual([
    ['a', { type: 'bury', error: 'no use' }],
    ['b', { type: 'ack' }],
  ])
  expect(onError).toHaveBeenCalledExactlyOnceWith(failure, expect.objectContaining({ id: 'b' }))
})

test('a handler may return whatever can be awaited', async () => {
  const fake = new FakeQueue()
  const thenable = (value: string): PromiseLike<void> => ({
    // biome-ignore lint/suspicious/noThenProperty: it is what is under test
    then: (resolve, reject) =>
      Promise.resolve()
        .then(() => (value === 'a' ? undefined : Promise.reject(failure)))
        .then(resolve, reject),
  })
  const throwing = {
    // biome-ignore lint/suspicious/noThenProperty: it is what is under test
    get then(): never {
      throw failure
    },
  }
  const unreadable = {
    get next(): never {
      throw failure
    },
  }
  const outcomes: Record<string, unknown> = { c: throwing, d: Promise.resolve(unreadable) }
  const handler = (value: string) => (outcomes[value] ?? thenable(value)) as PromiseLike<void>
  await using consumer = consume(fake.queue, handler, { concurrency: 4, retries: 0 })
  fake.deliver('a', 'b', 'c', 'd')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ running: 0, processed: 2, failed: 2 }))
  expect(fake.settlements).toEqual(
    expect.arrayContaining([
      ['a', { type: 'ack' }],
      ['b', { type: 'bury', error: failure }],
      ['c', { type: 'bury', error: failure }],
      ['d', { type: 'ack' }],
    ]),
  )
})

test('a promise that calls back twice is heeded once', async () => {
  const fake = new FakeQueue()
  const handler = () => {
    const promise = Promise.resolve()
    // biome-ignore lint/suspicious/noThenProperty: it is what is under test
    promise.then = (onFulfilled: unknown) => {
      for (let i = 0; i < 2; i++) (onFulfilled as () => void)()
      return promise as never
    }
    return promise
  }
  await using consumer = consume(fake.queue, handler)
  fake.deliver('a', 'b')
  await vi.waitFor(() => expect(fake.settlements).toHaveLength(2))
  expect(consumer.stats()).toMatchObject({ running: 0, processed: 2 })
})

test('a handler that returns a generator fails with what to do instead', async () => {
  const fake = new FakeQueue()
  const onError = vi.fn()
  const generator = function* () {} as unknown as Handler<string>
  const asyncGenerator = async function* () {} as unknown as Handler<string>
  const promised: Handler<string> = async (name, delivery) => generator(name, delivery)
  const handlers: Record<string, Handler<string>> = { generator, asyncGenerator, promised }
  await using _ = consume(fake.queue, (name, delivery) => handlers[name]?.(name, delivery), { onError })
  for (const name of Object.keys(handlers)) fake.deliver(name)
  await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(3))
  for (const [error] of onError.mock.calls) {
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('runCoroutineThreadsafe')
  }
})

test('onError has every failed attempt, with its delivery', async () => {
  const fake = new FakeQueue()
  const seen: unknown[] = []
  const onError = (error: unknown, delivery: Delivery<string> | undefined) => {
    seen.push([error, delivery?.id, delivery?.attempt])
  }
  await using _ = consume(fake.queue, fails, { retries: 1, onError })
  fake.deliverAttempt(1, 'a')
  fake.deliverAttempt(2, 'b')
  await vi.waitFor(() =>
    expect(seen).toEqual([
      [failure, 'a', 1],
      [failure, 'b', 2],
    ]),
  )
})

test('a backoff that fails, or gives no time, is reported, and the message is retried all the same', async () => {
  const fake = new FakeQueue()
  const onError = vi.fn()
  const bug = new Error('a bug in the backoff')
  const backoff = (_: number, error: unknown) => {
    if (error === failure) throw bug
    return Number.NaN
  }
  const handler: Handler<string> = name => Promise.reject(name === 'a' ? failure : new Error('another'))
  await using consumer = consume(fake.queue, handler, { backoff, onError })
  fake.deliver('a')
  fake.deliver('b')
  await vi.waitFor(() => expect(consumer.stats().failed).toBe(2))
  expect(onError).toHaveBeenCalledWith(bug, expect.objectContaining({ id: 'a' }))
  expect(onError).toHaveBeenCalledWith(expect.any(RangeError), expect.objectContaining({ id: 'b' }))
  expect(fake.settlements.map(([name, { type }]) => [name, type])).toEqual([
    ['a', 'retry'],
    ['b', 'retry'],
  ])
})

test('an onError that throws makes an uncaught exception, and the consumer goes on', async () => {
  const uncaught: (() => void)[] = []
  using _ = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(fn => uncaught.push(fn))
  const fake = new FakeQueue()
  const bug = new Error('a bug in onError')
  const onError = () => {
    throw bug
  }
  await using consumer = consume(fake.queue, fails, { onError })
  fake.deliver('a')
  fake.deliver('b')
  await vi.waitFor(() => expect(consumer.stats().failed).toBe(2))
  expect(uncaught).toHaveLength(2)
  expect(uncaught[0]).toThrow(bug)
})
