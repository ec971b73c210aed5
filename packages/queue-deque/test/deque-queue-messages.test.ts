import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { consume, jsonCodec, type QueueTrace, TimeoutError } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { expect, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'

test('options that are none are refused', () => {
  const make = (options: object) => () => new DequeQueue(options)
  for (const lease of [0, -1, Number.NaN]) expect(make({ lease })).toThrow(RangeError)
  for (const partitions of [0, -1, 1.5, Infinity]) expect(make({ partitions })).toThrow(RangeError)
  expect(make({ lease: '1 s' })).toThrow("lease must be a number of milliseconds from 0 to Infinity, not '1 s'")
  expect(make({ name: 7 })).toThrow('name must be a string, not 7')
  for (const bad of [{ codec: 'json' }, { codec: null }, { clock: Date }]) expect(make(bad)).toThrow(TypeError)
})

test('a message that cannot be decoded is a dead letter that was never delivered, and the next one is', async () => {
  const codec = { ...jsonCodec<string>(), encode: (value: string) => value }
  await using queue = new DequeQueue<string>({ codec })
  await queue.putMany(['no JSON', '"fine"'])
  expect((await queue.get()).value).toBe('fine')
  const [letter] = await queue.deadLetters.list()
  expect(letter).toMatchObject({ id: '1', value: undefined, attempts: 0, error: { name: 'SyntaxError' } })
})

test('a message that cannot be decoded makes room for one that waits', async () => {
  const codec = { ...jsonCodec<string>(), encode: (value: string) => value }
  await using queue = new DequeQueue<string>({ codec, capacity: 1 })
  await queue.put('no JSON')
  const puts = queue.putMany(['none either', '"fine"'])
  expect((await queue.get()).value).toBe('fine')
  await puts

  await queue.put('no JSON')
  const put = queue.put('"fine"')
  await expect(queue.get({ timeout: 0 })).rejects.toThrow(TimeoutError)
  await put
  expect((await queue.stats()).ready).toBe(1)
})

test('a join ends when the last message turns out to be none', async () => {
  const codec = { ...jsonCodec<string>(), encode: (value: string) => value }
  await using queue = new DequeQueue<string>({ codec })
  await queue.put('no JSON')
  const joined = queue.join()
  const controller = new AbortController()
  const got = expect(queue.get({ signal: controller.signal })).rejects.toThrow('enough')
  await joined
  controller.abort(new Error('enough'))
  await got
})

test('bytes that a codec gives are copied: what it does with them later is its own affair', async () => {
  const buffer = Buffer.from('a')
  const codec = { encode: () => buffer, decode: (bytes: Buffer) => bytes }
  await using queue = new DequeQueue<Buffer>({ codec })
  await queue.put(buffer)
  buffer.write('b')
  const first = await queue.get()
  expect(first.value.toString()).toBe('a')
  first.value.write('c')
  first.retry()
  expect((await queue.get()).value.toString()).toBe('a')
})

test('each handler has the AsyncLocalStorage of its put, of a put that had to wait, too', async () => {
  const storage = new AsyncLocalStorage<string>()
  await using queue = new DequeQueue<string>({ capacity: 1 })
  const puts = ['a', 'b', 'c'].map(name => storage.run(name, () => queue.put(name)))
  const many = storage.run('many', () => queue.putMany(['d', 'e']))
  const seen: unknown[] = []
  const consumer = storage.run('consumer', () =>
    consume(
      queue,
      async (name, { attempt }) => {
        await null
        seen.push([name, storage.getStore()])
        if (name === 'a' && attempt === 1) throw new Error('again, in the same')
      },
      { backoff: () => 0 },
    ),
  )
  await Promise.all([...puts, many])
  await queue.join()
  await consumer.stop()
  expect(seen.toSorted()).toEqual(
    [
      ['a', 'a'],
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
      ['d', 'many'],
      ['e', 'many'],
    ].toSorted(),
  )
})

test('a put that waits with a key gives the id of one that came in meanwhile, and waits for no room', async () => {
  await using queue = new DequeQueue<string>({ capacity: 1 })
  await queue.put('first')
  const puts = ['second', 'third'].map(value => queue.put(value, { dedupKey: 'key' }))
  expect((await queue.get()).value).toBe('first')
  expect(await Promise.all(puts)).toEqual(['2', '2'])
  expect((await queue.get()).value).toBe('second')
  expect((await queue.stats()).ready).toBe(0)
})

test('the oldest age is that of the message that has been ready for longest, whatever came back', async () => {
  const clock = new ManualClock()
  await using queue = new DequeQueue<string>({ clock })
  const age = async () => (await queue.stats()).oldestAge
  expect(await age()).toBeUndefined()
  await queue.put('delayed', { delay: 10 })
  expect(await age()).toBeUndefined()
  clock.advance(15)
  expect(await age()).toBe(5)
  const delivery = await queue.get()
  expect(await age()).toBeUndefined()
  clock.advance(5)
  delivery.release()
  expect(await age()).toBe(10)
})

test('messages without a key go to the partitions in turn, and a taker has all of a partition or nothing', async () => {
  await using queue = new DequeQueue<number>({ partitions: 2 })
  await queue.putMany([0, 1, 2, 3])
  const [one, other] = [{}, {}]
  expect((await queue.get({ owner: one })).value).toBe(0)
  const theirs = await queue.getMany(10, { owner: other })
  expect(theirs.map(({ value }) => value)).toEqual([1, 3])
  await expect(queue.get({ owner: other, timeout: 0 })).rejects.toThrow('no message is ready')
  const waiting = queue.get()
  for (const delivery of await queue.getMany(10, { owner: one })) delivery.ack()
  for (const delivery of theirs) delivery.retry()
  expect((await waiting).value).toBe(1)
})

test('puts and gets are traced under the name of the queue, and refused ones with their error', async () => {
  const seen: QueueTrace['attributes'][] = []
  const note = (trace: unknown) => void seen.push({ ...(trace as QueueTrace).attributes })
  const channels = ['send', 'receive'].map(operation => `tracing:fosen:queue:${operation}:asyncEnd`)
  for (const channel of channels) subscribe(channel, note)
  try {
    await using queue = new DequeQueue<string>({ name: 'jobs' })
    await queue.put('a')
    await queue.putMany(['b', 'c'])
    await queue.get()
    await queue.getMany(2)
    await expect(queue.put('d', { delay: -1 })).rejects.toThrow(RangeError)
  } finally {
    for (const channel of channels) unsubscribe(channel, note)
  }
  expect(new Set(seen.map(attributes => attributes['messaging.destination.name']))).toEqual(new Set(['jobs']))
  expect(seen.map(attributes => attributes['messaging.operation.name'])).toEqual([
    'put',
    'putMany',
    'get',
    'getMany',
    'put',
  ])
  expect(seen.at(-1)?.['error.type']).toBe('RangeError')
  expect(seen.map(attributes => attributes['messaging.system'])).toEqual(Array(5).fill('fosen_deque'))
})
