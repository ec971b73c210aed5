import { setImmediate as turn } from 'node:timers/promises'
import { consume, LeaseLostError, QueueClosedError, TimeoutError } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { expect, test, vi } from 'vitest'
import { DequeQueue } from '../src/index.ts'

async function leased() {
  const clock = new ManualClock()
  const queue = new DequeQueue<string>({ lease: 100, clock })
  await queue.put('a')
  const delivery = await queue.get()
  return { clock, queue, delivery }
}

test('a delivery whose lease has run out comes back to who gets, and its signal says why', async () => {
  const { clock, queue, delivery } = await leased()
  clock.advance(99)
  await expect(queue.get({ timeout: 0 })).rejects.toThrow(TimeoutError)
  clock.advance(1)
  expect(delivery.signal.aborted).toBe(false)
  const again = await queue.get()
  expect([again.id, again.value, again.attempt]).toEqual([delivery.id, 'a', 2])
  expect(delivery.signal.reason).toBeInstanceOf(LeaseLostError)
  delivery.ack()
  expect(await delivery.settled).toBe(false)
  again.ack()
  expect(await again.settled).toBe(true)
  await queue.join()
  await queue.close()
})

test('it comes back to who waits when it runs out, and to a get that does not wait', async () => {
  const { clock, queue } = await leased()
  const waiting = queue.get()
  clock.advance(100)
  expect((await waiting).attempt).toBe(2)
  clock.advance(100)
  expect((await queue.get({ timeout: 0 })).attempt).toBe(3)
  await queue.close()
})

test('what handlers settle before the event loop comes round is in time, however long it was blocked', async () => {
  const { clock, queue, delivery } = await leased()
  const waiting = queue.get({ timeout: 1000 })
  setImmediate(() => delivery.ack())
  // The time is over while nothing of what was ready to happen could happen.
  clock.advance(100)
  await vi.waitFor(async () => expect((await queue.stats()).inFlight).toBe(0))
  expect(await delivery.settled).toBe(true)
  clock.advance(900)
  await expect(waiting).rejects.toThrow(TimeoutError)
  await queue.close()
})

test('a lease that runs out is not looked at while nobody gets', async () => {
  const { clock, queue, delivery } = await leased()
  clock.advance(1000)
  await turn()
  await turn()
  await turn()
  expect(clock.pending).toBe(0)
  delivery.ack()
  expect(await delivery.settled).toBe(true)
  await queue.close()
})

test('a get that is aborted, or a queue that is closed, while it is looked for leases takes nothing', async () => {
  const { clock, queue, delivery } = await leased()
  clock.advance(100)
  const controller = new AbortController()
  const aborted = expect(queue.get({ timeout: 0, signal: controller.signal })).rejects.toThrow('enough')
  controller.abort(new Error('enough'))
  await aborted
  expect((await queue.stats()).ready).toBe(1)
  expect(delivery.signal.aborted).toBe(true)

  await queue.get()
  clock.advance(100)
  const refused = expect(queue.get({ timeout: 0 })).rejects.toThrow(QueueClosedError)
  await queue.close()
  await refused
})

test('a consumer whose lease was lost goes on with its handler, and what that ends with counts for nothing', async () => {
  const clock = new ManualClock()
  await using queue = new DequeQueue<string>({ lease: 100, clock })
  const ends: (() => void)[] = []
  const signals: AbortSignal[] = []
  const consumer = consume(
    queue,
    (_, delivery) => {
      signals.push(delivery.signal)
      return new Promise<void>(resolve => ends.push(resolve))
    },
    { concurrency: 2, clock },
  )
  await queue.put('a')
  await vi.waitFor(() => expect(ends).toHaveLength(1))
  clock.advance(100)
  await vi.waitFor(() => expect(ends).toHaveLength(2))
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  ends[0]?.()
  await vi.waitFor(() => expect(consumer.stats().running).toBe(1))
  expect((await queue.stats()).inFlight).toBe(1)
  ends[1]?.()
  await queue.join()
  await consumer.stop()
})
