import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, nothing, numbered } from '../helpers.ts'

export const consuming: Behaviours = {
  async 'has every message handled once, by as many handlers at a time as its consumer may run'({ create, consume }) {
    await using queue = await create()
    const values = numbered(50)
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
    assert.deepEqual(await countsOf(queue), nothing)
  },

  async 'has each message handled by one of its consumers'({ create, consume }) {
    await using queue = await create()
    const values = numbered(60)
    const handled: string[] = []
    const handle = async (value: string) => {
      await turn()
      handled.push(value)
    }
    await using _ = consume(queue, handle, { concurrency: 2 })
    await using __ = consume(queue, handle, { concurrency: 3 })
    await queue.putMany(values.slice(0, 30))
    for (const value of values.slice(30)) await queue.put(value)
    await queue.join()
    assert.deepEqual(handled.toSorted(), values.toSorted())
  },

  async 'has a message whose handler fails tried again, and then among the dead letters with the last error'({
    create,
    consume,
  }) {
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
  },

  async 'heeds what a handler settles its delivery with itself, however the handler ends'({ create, consume }) {
    await using queue = await create()
    await using _ = consume(
      queue,
      async (value, delivery) => {
        if (value === 'acks') {
          delivery.ack()
          throw new Error('and fails')
        }
        delivery.bury(new Error('no use'))
      },
      { retries: 0 },
    )
    await queue.putMany(['acks', 'buries'])
    await queue.join()
    const letters = await queue.deadLetters.list()
    assert.deepEqual(
      letters.map(({ value, error }) => [value, error?.message]),
      [['buries', 'no use']],
    )
  },

  async 'has a message given up that its handler retried more often than it may be tried'({ create, consume }) {
    await using queue = await create()
    let calls = 0
    await using _ = consume(
      queue,
      async (_, delivery) => {
        calls++
        delivery.retry()
      },
      { retries: 1 },
    )
    await queue.put('a')
    await queue.join()
    assert.equal(calls, 2)
    const letters = await queue.deadLetters.list()
    assert.deepEqual(
      letters.map(({ error }) => error?.name),
      ['AttemptsExhaustedError'],
    )
  },

  async 'gives a consumer what it has handlers for, and what it is to prefetch'({ create, consume, advance }) {
    for (const prefetch of [0, 3]) {
      await using queue = await create()
      await queue.putMany(numbered(10))
      const started = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const handle = async () => {
        started.resolve()
        await go.promise
      }
      await using consumer = consume(queue, handle, { concurrency: 2, prefetch })
      await started.promise
      await advance(20)
      const inFlight = 2 + prefetch
      assert.deepEqual(await countsOf(queue), { ...nothing, ready: 10 - inFlight, inFlight })
      go.resolve()
      await consumer.stop()
    }
  },
}
