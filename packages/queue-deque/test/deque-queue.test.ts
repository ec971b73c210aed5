import { getEventListeners } from 'node:events'
import { QueueClosedError, TimeoutError } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { expect, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'

test('a capacity that is neither a positive integer nor Infinity is refused', () => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) expect(() => new DequeQueue({ capacity })).toThrow(RangeError)
  expect(() => new DequeQueue({ capacity: '5' as never })).toThrow(
    "capacity must be an integer from 1 on, or Infinity, not '5'",
  )
})

test('partitions are refused that are none, or too many to keep', () => {
  for (const partitions of [0, -1, 1.5, 65_537, Infinity]) {
    expect(() => new DequeQueue({ partitions })).toThrow(RangeError)
  }
  expect(() => new DequeQueue({ partitions: 1e9 })).toThrow('partitions must be 65536 at most, not 1000000000')
  expect(() => new DequeQueue({ partitions: '5' as never })).toThrow(TypeError)
})

test('values are passed by reference', async () => {
  await using queue = new DequeQueue<{ name: string }>()
  const value = { name: 'Ann' }
  await queue.put(value)
  const delivery = await queue.get()
  expect(delivery.value).toBe(value)
  delivery.retry()
  expect((await queue.get()).value).toBe(value)
})

test('putMany puts what the array held when it was called', async () => {
  await using queue = new DequeQueue<string>({ capacity: 1 })
  const values = ['a', 'b']
  const put = queue.putMany(values)
  values[1] = 'changed'
  expect([(await queue.get()).value, (await queue.get()).value]).toEqual(['a', 'b'])
  await put
})

test('a putMany that is aborted leaves what went in', async () => {
  await using queue = new DequeQueue<string>({ capacity: 2 })
  const controller = new AbortController()
  const put = queue.putMany(['a', 'b', 'c'], { signal: controller.signal })
  controller.abort()
  await expect(put).rejects.toBe(controller.signal.reason)
  expect((await queue.stats()).ready).toBe(2)
})

test('waiting gets are served in the order they came', async () => {
  await using queue = new DequeQueue<string>()
  const gets = [queue.get(), queue.getMany(2), queue.get()]
  await queue.putMany(['a', 'b', 'c', 'd'])
  const [first, second, third] = await Promise.all(gets)
  expect([first, second, third].flat().map(delivery => delivery?.value)).toEqual(['a', 'b', 'c', 'd'])
  expect(second).toHaveLength(2)
})

test('a get that leaves, wherever it stands in the line, leaves the others in theirs', async () => {
  await using queue = new DequeQueue<string>()
  for (const place of [0, 1, 2]) {
    const controllers = [0, 1, 2].map(() => new AbortController())
    const gets = controllers.map(({ signal }) => queue.get({ signal }))
    const aborted = expect(gets.splice(place, 1)[0]).rejects.toThrow('aborted')
    controllers[place]?.abort()
    await aborted
    gets.push(queue.get())
    await queue.putMany(['a', 'b', 'c'])
    expect((await Promise.all(gets)).map(({ value }) => value)).toEqual(['a', 'b', 'c'])
  }
})

test('a putMany of more than the queue holds goes through to those who wait', async () => {
  await using queue = new DequeQueue<number>({ capacity: 2 })
  const got = queue.getMany(10)
  const ids = queue.putMany([1, 2, 3, 4])
  expect((await got).map(({ value }) => value)).toEqual([1, 2])
  expect(await ids).toEqual(['1', '2', '3', '4'])
  expect((await queue.stats()).ready).toBe(2)
})

test('messages that become due are delivered in the order of their times', async () => {
  const clock = new ManualClock()
  await using queue = new DequeQueue<string>({ clock })
  await queue.put('ready')
  await queue.put('late', { delay: 20 })
  await queue.put('early', { delay: 10 })
  await queue.put('same time', { delay: 10 })
  clock.advance(20)
  expect((await queue.getMany(10)).map(({ value }) => value)).toEqual(['early', 'same time', 'late', 'ready'])
})

test('the clock is asked for nothing but what somebody waits for', async () => {
  const clock = new ManualClock()
  await using queue = new DequeQueue<string>({ clock })
  await queue.put('later', { delay: 100 })
  expect(clock.pending).toBe(0)
  const timedOut = expect(queue.get({ timeout: 10 })).rejects.toThrow(TimeoutError)
  const controller = new AbortController()
  const aborted = expect(queue.get({ signal: controller.signal })).rejects.toThrow('enough')
  expect(clock.pending).toBe(2)
  clock.advance(10)
  expect(clock.pending).toBe(1)
  controller.abort(new Error('enough'))
  expect(clock.pending).toBe(0)
  await Promise.all([timedOut, aborted])
  const got = queue.get({ timeout: 1000 })
  clock.advance(90)
  expect((await got).value).toBe('later')
  expect(clock.pending).toBe(0)
})

test('waits leave no listener on their signals, however they end', async () => {
  const queue = new DequeQueue<string>({ capacity: 1, clock: new ManualClock() })
  const { signal } = new AbortController()
  const got = queue.get({ signal })
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await queue.put('a')
  await got
  await queue.put('b')
  const refused = [queue.put('c', { signal }), queue.join({ signal })].map(wait =>
    expect(wait).rejects.toThrow(QueueClosedError),
  )
  expect(getEventListeners(signal, 'abort')).toHaveLength(2)
  await queue.close()
  await Promise.all(refused)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('closing leaves running handlers alone, and nothing on the clock', async () => {
  const clock = new ManualClock()
  const queue = new DequeQueue<string>({ clock })
  await queue.put('a')
  const delivery = await queue.get()
  await queue.put('b', { delay: 100 })
  const refused = expect(queue.get()).rejects.toThrow(QueueClosedError)
  expect(clock.pending).toBe(1)
  await queue.close()
  await refused
  expect(clock.pending).toBe(0)
  expect(delivery.signal.aborted).toBe(false)
})

test('a message whose error cannot be shown is buried all the same', async () => {
  await using queue = new DequeQueue<string>()
  await queue.put('a')
  const delivery = await queue.get()
  delivery.bury({ message: Object.create(null) })
  expect(await delivery.settled).toBe(true)
  await queue.join()
  expect(await queue.deadLetters.list()).toHaveLength(1)
})

test('a put that waits goes in when resume hands out what was in its place', async () => {
  await using queue = new DequeQueue<string>({ capacity: 1 })
  await queue.put('a')
  await queue.pause()
  const got = queue.get()
  const put = queue.put('b')
  await queue.resume()
  expect((await got).value).toBe('a')
  expect(await put).toBe('2')
})
