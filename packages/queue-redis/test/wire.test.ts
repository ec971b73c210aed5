import { expect, test } from 'vitest'
import { type Codec, jsonCodec, RedisDeque, RedisQueue, textCodec } from '../src/index.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const bytes = Buffer.from([0, 1, 0xff, 0xfe, 0x0a, 0x0d])
const raw: Codec<Buffer> = { encode: value => value, decode: value => value }

test('a deque pops what a plain LPUSH has put, and a plain RPOP takes what a deque appends', async () => {
  await using deque = new RedisDeque('list', { url: redis.url })
  await redis.client.lpush('list', 'a')
  expect(await deque.pop()).toBe('a')
  await deque.appendLeft('b')
  expect(await redis.client.rpop('list')).toBe('b')
  await deque.append('正在')
  expect(await redis.client.lpop('list')).toBe('正在')
})

test('a queue delivers what a plain LPUSH has put, also to one who waits, and it has an id from then on', async () => {
  await using queue = new RedisQueue('list', { url: redis.url, codec: textCodec })
  await redis.client.lpush('list', 'a')
  const first = await queue.get()
  expect([first.value, first.attempt, first.id]).toEqual(['a', 1, expect.stringMatching(/^[0-9a-f]{32}$/)])
  first.retry()
  const again = await queue.get()
  expect([again.value, again.attempt, again.id]).toEqual(['a', 2, first.id])
  again.ack()

  const waiting = queue.get()
  await redis.client.lpush('list', '')
  const empty = await waiting
  expect([empty.value, empty.attempt]).toEqual(['', 1])
  expect(empty.id).not.toBe(first.id)
  empty.ack()
})

test('what somebody else has put is delivered unchanged, also when it begins with the byte 1', async () => {
  await using queue = new RedisQueue('list', { url: redis.url, codec: raw })
  for (const second of [0, 1, 2, 0xf4, 0xf6]) {
    const payload = Buffer.concat([Buffer.from([1, second]), Buffer.from('what somebody else has put')])
    await redis.client.lpush('list', payload)
    const delivery = await queue.get()
    expect([delivery.value, delivery.attempt]).toEqual([payload, 1])
    delivery.ack()
  }
  await queue.join()
})

test('bytes go through unchanged', async () => {
  await using deque = new RedisDeque('list', { url: redis.url, codec: raw })
  await deque.append(bytes)
  expect(await deque.popWait()).toEqual(bytes)
  await using queue = new RedisQueue('jobs', { url: redis.url, codec: raw })
  for (const delay of [0, 1]) {
    await queue.put(bytes, { delay })
    const delivery = await queue.get()
    expect(delivery.value).toEqual(bytes)
    delivery.retry({ delay })
    const again = await queue.get()
    expect(again.value).toEqual(bytes)
    again.bury(new Error('\u0000 正'))
    await again.settled
  }
  const letters = await queue.deadLetters.list()
  redis.keep('{jobs}:x')
  expect(letters.map(({ value, attempts, error }) => [value, attempts, error?.message])).toEqual([
    [bytes, 2, '\u0000 正'],
    [bytes, 2, '\u0000 正'],
  ])
})

test('a payload that the codec cannot decode is a dead letter at once, and is not delivered', async () => {
  await using queue = new RedisQueue<number>('list', { url: redis.url })
  await redis.client.lpush('list', '1', '{', '3')
  const deliveries = [await queue.get(), await queue.get()]
  expect(deliveries.map(({ value }) => value)).toEqual([1, 3])
  for (const delivery of deliveries) delivery.ack()
  await queue.join()
  expect(await queue.deadLetters.list()).toEqual([
    {
      id: expect.any(String),
      value: undefined,
      attempts: 0,
      error: { name: 'SyntaxError', message: expect.any(String) },
    },
  ])
  expect(await redis.client.lrange('{list}:x', 0, -1)).toEqual([expect.stringContaining('{')])
  redis.keep('{list}:x')
})

test('bytes of somebody else that look like an envelope without headers are a dead letter, which can be removed', async () => {
  await using queue = new RedisQueue<string>('jobs', { url: redis.url })
  await redis.client.lpush('jobs', Buffer.concat([Buffer.from([2, 0xf5]), Buffer.alloc(40, '?')]), '"a"')
  const delivery = await queue.get()
  expect(delivery.value).toBe('a')
  delivery.ack()
  await queue.join()
  const [letter] = await queue.deadLetters.list()
  expect([letter?.value, letter?.error?.name]).toEqual([undefined, 'SyntaxError'])
  expect(await queue.deadLetters.purge([letter?.id as string])).toBe(1)
})

test('a value that the codec cannot encode is refused, with all that was to be put with it', async () => {
  await using queue = new RedisQueue<unknown>('jobs', { url: redis.url })
  await expect(queue.putMany([1, undefined])).rejects.toThrow('the value must be one that JSON has, not undefined')
  await using deque = new RedisDeque<string>('list', { url: redis.url })
  await expect(deque.extend(['a', 1 as unknown as string])).rejects.toThrow('the value must be a string, not 1')
})

test('more values than fit into one command go in, in order', async () => {
  await using deque = new RedisDeque<number>('list', { url: redis.url, codec: jsonCodec() })
  await deque.extend(Array.from({ length: 200_000 }, (_, i) => i))
  expect([await deque.length(), await deque.popLeft(), await deque.pop()]).toEqual([200_000, 0, 199_999])
  await deque.clear()

  await using queue = new RedisQueue<number>('jobs', { url: redis.url })
  const ids = await queue.putMany(Array.from({ length: 20_000 }, (_, i) => i))
  const deliveries = []
  while (deliveries.length < ids.length) deliveries.push(...(await queue.getMany(20_000)))
  expect(deliveries.map(({ id }) => id)).toEqual(ids)
  for (const delivery of deliveries) delivery.ack()
  await queue.join()
})
