import assert from 'node:assert/strict'
import { consume } from '../../consume.ts'
import type { Delivery } from '../../delivery.ts'
import { ConsumerStoppedError } from '../../errors.ts'
import type { BehaviourContext } from '../conformance.ts'
import { countsOf, finish } from '../helpers.ts'

export function consuming({ create, test }: BehaviourContext) {
  test('has every message handled once, by as many handlers at a time as the consumer may run', async () => {
    await using queue = await create()
    const values = Array.from({ length: 50 }, (_, i) => `message ${i}`)
    const handled: string[] = []
    let most = 0
    const full = Promise.withResolvers<void>()
    await using consumer = consume(
      queue,
      async value => {
        const { running } = consumer.stats()
        most = Math.max(most, running)
        if (running === 8) full.resolve()
        await full.promise
        handled.push(value)
      },
      { concurrency: 8 },
    )
    await queue.putMany(values)
    await queue.join()
    assert.deepEqual(handled.toSorted(), values.toSorted())
    assert.equal(most, 8)
    assert.deepEqual(await countsOf(queue), { ready: 0, delayed: 0, inFlight: 0, dead: 0 })
  })

  test('has a message whose handler fails tried again, and then among the dead letters', async () => {
    await using queue = await create()
    const attempts: number[] = []
    await using _ = consume(
      queue,
      async (_, { attempt }) => {
        attempts.push(attempt)
        throw new RangeError(`failure ${attempt}`)
      },
      { retries: 2, backoff: () => 0 },
    )
    const id = await queue.put('a')
    await queue.join()
    assert.deepEqual(attempts, [1, 2, 3])
    assert.deepEqual(await queue.deadLetters.list(), [
      { id, value: 'a', attempts: 3, error: { name: 'RangeError', message: 'failure 3' } },
    ])
  })

  test('loses nothing and has nothing in flight when its consumer is stopped', async () => {
    await using queue = await create()
    const values = Array.from({ length: 20 }, (_, i) => `message ${i}`)
    await queue.putMany(values)
    const handled: string[] = []
    const started = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const consumer = consume(
      queue,
      async value => {
        if (consumer.stats().running === 4) started.resolve()
        await go.promise
        handled.push(value)
      },
      { concurrency: 4 },
    )
    await started.promise
    const stopped = consumer.stop()
    go.resolve()
    await stopped
    assert.equal(handled.length, 4)
    assert.deepEqual(await countsOf(queue), { ready: 16, delayed: 0, inFlight: 0, dead: 0 })

    for (const delivery of await queue.getMany(16)) {
      handled.push(delivery.value)
      await finish(delivery)
    }
    assert.deepEqual(handled.toSorted(), values.toSorted())
  })

  test('has the message back of a handler that was not done at the deadline', async () => {
    await using queue = await create()
    await queue.put('a')
    const running = Promise.withResolvers<Delivery<string>>()
    const hung = new Promise(() => {})
    const consumer = consume(queue, (_, delivery) => {
      running.resolve(delivery)
      return hung
    })
    const { signal } = await running.promise
    await consumer.stop({ deadline: 10 })
    assert.equal(signal.reason instanceof ConsumerStoppedError, true)
    const again = await queue.get()
    assert.deepEqual([again.value, again.attempt], ['a', 2])
  })
}
