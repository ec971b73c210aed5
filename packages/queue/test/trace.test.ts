import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, expect, test, vi } from 'vitest'
import { consume, isTraced, type QueueTrace, traceReceive, traceSend } from '../src/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'

const queue = { name: 'jobs', system: 'test' }
const unsubscribers: (() => void)[] = []

afterEach(() => {
  for (const undo of unsubscribers.splice(0)) undo()
})

/** What is published of an operation, each event with the attributes that it has at that time. */
function traced(operation: string) {
  const events: [string, QueueTrace['attributes']][] = []
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
    const channel = `tracing:fosen:queue:${operation}:${event}`
    const note = (trace: unknown) => void events.push([event, { ...(trace as QueueTrace).attributes }])
    subscribe(channel, note)
    unsubscribers.push(() => unsubscribe(channel, note))
  }
  return events
}

test('a trace has the names of OpenTelemetry, and at its end the id of what was put', async () => {
  const events = traced('send')
  expect(await traceSend(queue, 'put', async () => '7')).toBe('7')
  const attributes = {
    'messaging.system': 'test',
    'messaging.destination.name': 'jobs',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'put',
  }
  expect(events.at(0)).toEqual(['start', attributes])
  expect(events.at(-1)).toEqual(['asyncEnd', { ...attributes, 'messaging.message.id': '7' }])
})

test('what a subscriber adds to the headers is given to the put, and the options stay as they are', async () => {
  const start = 'tracing:fosen:queue:send:start'
  const inject = (trace: unknown) => {
    const { headers } = trace as QueueTrace
    if (headers !== undefined) headers.traceparent = '00-1-2-01'
  }
  subscribe(start, inject)
  unsubscribers.push(() => unsubscribe(start, inject))
  const options = { tenant: 'a' }
  const put = vi.fn(async () => '7')
  await traceSend(queue, 'put', put, options)
  await traceSend(queue, 'put', put)
  expect(put.mock.calls).toEqual([[{ tenant: 'a', traceparent: '00-1-2-01' }], [{ traceparent: '00-1-2-01' }]])
  expect(options).toEqual({ tenant: 'a' })
})

test('a trace of many has how many there are', async () => {
  const sent = traced('send')
  const received = traced('receive')
  await traceSend(queue, 'putMany', async () => ['7', '8'])
  const fake = new FakeQueue()
  await traceReceive(queue, 'getMany', async () => [fake.delivery('a'), fake.delivery('b'), fake.delivery('c')])
  await traceReceive(queue, 'get', async () => fake.delivery('d'))
  const ends = [...sent, ...received].filter(([event]) => event === 'asyncEnd')
  expect(ends.map(([, attributes]) => attributes['messaging.batch.message_count'])).toEqual([2, 3, undefined])
  expect(ends.at(-1)?.[1]['messaging.message.id']).toBe('d')
})

test('a failure is published, with the name of its error, and goes on to the caller', async () => {
  const events = traced('send')
  const failure = new RangeError('too much')
  await expect(traceSend(queue, 'put', () => Promise.reject(failure))).rejects.toBe(failure)
  const errors = events.filter(([event]) => event === 'error')
  expect(errors).toEqual([['error', expect.objectContaining({ 'error.type': 'RangeError' })]])
})

test('what a consumer handles is traced with its deliveries, whatever becomes of it', async () => {
  const events = traced('process')
  const seen: QueueTrace[] = []
  const start = (trace: unknown) => void seen.push(trace as QueueTrace)
  subscribe('tracing:fosen:queue:process:start', start)
  unsubscribers.push(() => unsubscribe('tracing:fosen:queue:process:start', start))

  const fake = new FakeQueue()
  const handler = async (value: string) => {
    if (value === 'bad') throw new TypeError('bad')
    return value === 'unrun' ? [].values() : undefined
  }
  const consumer = consume(fake.queue, handler, { concurrency: 3, retries: 0 })
  fake.deliver('good', 'bad', 'unrun')
  await vi.waitFor(() => expect(consumer.stats()).toMatchObject({ processed: 1, failed: 2 }))
  expect(seen.map(({ deliveries }) => deliveries?.map(({ id }) => id))).toEqual([['good'], ['bad'], ['unrun']])
  expect(seen[0]?.queue).toBe(fake.queue)
  const errors = events.filter(([event]) => event === 'error')
  expect(errors.map(([, attributes]) => [attributes['messaging.message.id'], attributes['error.type']])).toEqual([
    ['bad', 'TypeError'],
    ['unrun', 'TypeError'],
  ])
  await consumer.stop()
})

test('nothing is traced where nobody listens', () => {
  expect(isTraced('send')).toBe(false)
  const channel = tracingChannel('fosen:queue:send')
  const handlers = { start() {} } as never
  channel.subscribe(handlers)
  expect(isTraced('send')).toBe(true)
  channel.unsubscribe(handlers)
  expect(isTraced('send')).toBe(false)
})
