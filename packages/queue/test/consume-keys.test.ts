import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { type ConsumeOptions, consume } from '../src/index.ts'
import { FakeQueue } from './fixtures/fake-queue.ts'
import { Held } from './fixtures/held.ts'

const key = (value: string) => value[0]

function started(options: ConsumeOptions<string>) {
  const fake = new FakeQueue()
  const held = new Held()
  const consumer = consume(fake.queue, held.handler, { key, concurrency: 3, ...options, batch: undefined })
  return { fake, held, consumer }
}

test('messages with the same key are handled one after the other, in order, and others beside them', async () => {
  const { fake, held, consumer } = started({})
  fake.deliver('a1', 'a2', 'b1')
  await vi.waitFor(() => expect(held.running).toEqual(['a1', 'b1']))
  held.end('b1')
  await turn()
  expect(held.running).toEqual(['a1'])
  held.end('a1')
  await vi.waitFor(() => expect(held.running).toEqual(['a2']))
  held.end('a2')
  await consumer.stop()
})

test('so many with the same key are handled at a time as concurrencyPerKey says', async () => {
  const { fake, held, consumer } = started({ concurrencyPerKey: 2 })
  fake.deliver('a1', 'a2', 'a3')
  await vi.waitFor(() => expect(held.running).toEqual(['a1', 'a2']))
  held.end('a2')
  await vi.waitFor(() => expect(held.running).toEqual(['a1', 'a3']))
  held.endAll()
  await consumer.stop()
})

test('messages without a key wait for no other', async () => {
  const { fake, held, consumer } = started({ key: value => (value.startsWith('-') ? undefined : value[0]) })
  fake.deliver('-1', '-2', '-3')
  await vi.waitFor(() => expect(held.running).toEqual(['-1', '-2', '-3']))
  held.endAll()
  await consumer.stop()
})

test('keys take turns, so that one with many messages does not hold up the others', async () => {
  const { fake, held, consumer } = started({ concurrency: 1, prefetch: 10 })
  fake.deliver('a1', 'a2', 'a3', 'b1', 'b2')
  for (const value of ['a1', 'b1', 'a2', 'b2', 'a3']) {
    await vi.waitFor(() => expect(held.running).toEqual([value]))
    held.end(value)
  }
  await consumer.stop()
})

test('a consumer looks further when all that it has taken has a key that is being handled', async () => {
  const { fake, held, consumer } = started({ concurrency: 2 })
  fake.deliver('a1', 'a2')
  await vi.waitFor(() => expect(fake.asked).toEqual([2, 1]))
  fake.deliver('a3')
  await vi.waitFor(() => expect(fake.asked).toEqual([2, 1, 1]))
  fake.deliver('b1')
  await vi.waitFor(() => expect(held.running).toEqual(['a1', 'b1']))
  held.end('b1')
  for (const value of ['a1', 'a2', 'a3']) {
    await vi.waitFor(() => expect(held.running).toEqual([value]))
    held.end(value)
  }
  await consumer.stop()
})

test('a message whose key fails has failed an attempt, and the others go on', async () => {
  const bug = new Error('a bug in the key')
  const { fake, held, consumer } = started({
    key: value => {
      if (value === 'bad') throw bug
    },
    backoff: () => 7,
  })
  fake.deliver('bad', 'good')
  await vi.waitFor(() => expect(held.running).toEqual(['good']))
  expect(fake.settlements).toEqual([['bad', { type: 'retry', delay: 7, error: bug }]])
  held.end('good')
  await consumer.stop()
})

test('stop gives back what waits for its key in the order it is to be delivered again', async () => {
  const { fake, held, consumer } = started({ prefetch: 10 })
  fake.deliver('a1', 'a2', 'b1', 'a3', 'b2')
  await vi.waitFor(() => expect(held.running).toEqual(['a1', 'b1']))
  const stopped = consumer.stop()
  expect(fake.settlements).toEqual(['b2', 'a3', 'a2'].map(value => [value, { type: 'release' }]))
  held.endAll()
  await stopped
  expect(held.begun).toEqual(['a1', 'b1'])
})
