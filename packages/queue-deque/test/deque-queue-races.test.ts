import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { consume, type Delivery, type Priority } from '@fosen/queue'
import { ManualClock } from '@fosen/queue/testing'
import { expect, test } from 'vitest'
import { DequeQueue } from '../src/index.ts'
import { seededRandom } from './fixtures/random.ts'

const seeds = Array.from({ length: 60 }, (_, index) => index + 1)

test.for(seeds)('no message is lost or there twice, wherever waits are aborted or time out (seed %i)', async seed => {
  const random = seededRandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const clock = new ManualClock()
  const partitions = random() < 0.3 ? 1 + below(3) : undefined
  const queue = new DequeQueue<number>({ capacity: 1 + below(4), partitions, clock })
  const signals: AbortController[] = []
  const waits: Promise<unknown>[] = []
  const inFlight = new Map<string, Delivery<number>>()
  const put = new Set<string>()
  const done = new Set<string>()

  const wait = (started: (options: { signal: AbortSignal; timeout?: number }) => Promise<unknown>) => {
    const controller = new AbortController()
    signals.push(controller)
    const timeout = random() < 0.5 ? below(20) : undefined
    if (random() < 0.1) controller.abort()
    waits.push(started({ signal: controller.signal, ...(timeout !== undefined && { timeout }) }).catch(() => {}))
  }
  const take = (deliveries: Delivery<number>[]) => {
    for (const delivery of deliveries) {
      expect(inFlight.has(delivery.id)).toBe(false)
      expect(done.has(delivery.id)).toBe(false)
      inFlight.set(delivery.id, delivery)
    }
  }
  const settle = () => {
    const delivery = [...inFlight.values()][below(inFlight.size)]
    if (delivery === undefined) return
    inFlight.delete(delivery.id)
    const how = below(4)
    if (how === 0) delivery.retry({ delay: below(3) * 5 })
    else if (how === 1) delivery.release()
    else {
      done.add(delivery.id)
      if (how === 2) delivery.ack()
      else delivery.bury()
    }
  }
  const steps: (() => unknown)[] = [
    () => {
      const options = { delay: below(3) * 4, priority: below(4) as Priority, partitionKey: `${below(3)}` }
      wait(({ signal }) => queue.put(0, { ...options, signal }).then(id => put.add(id)))
    },
    () => wait(({ signal }) => queue.putMany([1, 2, 3], { signal }).then(ids => ids.map(id => put.add(id)))),
    () => wait(options => queue.get(options).then(delivery => take([delivery]))),
    () => wait(options => queue.getMany(1 + below(3), options).then(take)),
    () => wait(options => queue.join(options)),
    () => signals[below(signals.length)]?.abort(),
    () => clock.advance(below(8)),
    () => settle(),
    () => settle(),
    () => (random() < 0.3 ? queue.pause() : queue.resume()),
    () => turn(),
  ]
  for (let step = 0; step < 150; step++) await steps[below(steps.length)]?.()

  for (const controller of signals) controller.abort()
  await Promise.all(waits)
  await turn()
  expect(signals.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([])
  expect(clock.pending).toBe(0)
  await queue.resume()
  clock.advance(100)
  const stats = await queue.stats()
  expect(stats).toMatchObject({ inFlight: inFlight.size, delayed: 0 })
  for (const delivery of inFlight.values()) delivery.release()
  const left: string[] = []
  while ((await queue.stats()).ready > 0) {
    for (const delivery of await queue.getMany(100)) {
      left.push(delivery.id)
      delivery.ack()
    }
  }
  expect(new Set(left).size).toBe(left.length)
  const known = new Set([...left, ...done])
  expect(known.size).toBe(left.length + done.size)
  // A putMany that was aborted has left some in, and told of none.
  for (const id of put) expect(known).toContain(id)
  await queue.join({ timeout: 0 })
  await queue.close()
})

test.for(seeds.slice(0, 20))('a consumer that is stopped at any moment loses nothing (seed %i)', async seed => {
  const random = seededRandom(seed)
  await using queue = new DequeQueue<number>()
  const values = Array.from({ length: 200 }, (_, index) => index)
  await queue.putMany(values)
  const handled: number[] = []
  const handler = async (value: number) => {
    if (random() < 0.5) await null
    if (random() < 0.1) await turn()
    handled.push(value)
  }
  while (handled.length < values.length) {
    const consumer = consume(queue, handler, { concurrency: 1 + Math.floor(random() * 8), prefetch: 16 })
    for (let steps = Math.floor(random() * 20); steps > 0; steps--) await (random() < 0.2 ? turn() : null)
    if (random() < 0.3) consumer.pause()
    await consumer.stop()
    const { ready, inFlight } = await queue.stats()
    expect([ready, inFlight]).toEqual([values.length - handled.length, 0])
  }
  expect(handled.toSorted((a, b) => a - b)).toEqual(values)
})
