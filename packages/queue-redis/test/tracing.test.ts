import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { consume, type QueueTrace } from '@fosen/queue'
import { afterEach, expect, test } from 'vitest'
import { RedisQueue } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const send = tracingChannel<QueueTrace>('fosen:queue:send').start
const handle = tracingChannel<string | undefined, QueueTrace>('fosen:queue:process').start
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const undo: (() => void)[] = []

afterEach(() => {
  for (const each of undo.splice(0)) each()
})

/** Has a subscriber do something with the headers of what is put. */
function onSend(inject: (headers: Record<string, string>) => void) {
  const listener = (trace: unknown) => {
    const { headers } = trace as QueueTrace
    if (headers !== undefined) inject(headers)
  }
  send.subscribe(listener)
  undo.push(() => send.unsubscribe(listener))
}

test('a trace context that a subscriber adds is that of the handler, and nobody else does anything for it', async () => {
  const current = new AsyncLocalStorage<string | undefined>()
  onSend(headers => {
    headers.traceparent = current.getStore() ?? ''
  })
  handle.bindStore(current, ({ deliveries }) => deliveries?.[0]?.headers?.traceparent)
  undo.push(() => handle.unbindStore(current))
  await using producer = new RedisQueue<string>('jobs', { url: redis.url })
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  const seen: unknown[] = []
  await using _ = consume(queue, async (value, { headers }) => {
    seen.push([value, current.getStore(), headers])
  })
  await current.run(traceparent, () => producer.put('a', { headers: { tenant: 'x' } }))
  await current.run('00-1-2-00', () => producer.putMany(['b', 'c'], { partitionKey: 'y' }))
  await producer.join()
  const others = { traceparent: '00-1-2-00', 'partition-key': 'y' }
  expect(seen).toEqual([
    ['a', traceparent, { tenant: 'x', traceparent }],
    ['b', '00-1-2-00', others],
    ['c', '00-1-2-00', others],
  ])
})

test('headers of a subscriber that are no text are refused', async () => {
  onSend(headers => {
    headers.sampled = true as never
  })
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await expect(queue.put('a')).rejects.toThrow('headers must be an object whose values are strings')
})
