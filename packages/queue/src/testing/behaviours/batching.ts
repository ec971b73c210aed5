import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, next, notBefore, nothing, numbered } from '../helpers.ts'

export const batching: Behaviours = {
  async 'has batches handled in order, as large as asked for while there is enough'({ create, consume }) {
    await using queue = await create()
    const values = numbered(7)
    await queue.putMany(values)
    const batches: string[][] = []
    const handle = async (batch: string[]) => {
      batches.push(batch)
    }
    await using _ = consume(queue, handle, { batch: { size: 3 }, prefetch: 10 })
    await queue.join()
    assert.deepEqual(batches, [values.slice(0, 3), values.slice(3, 6), values.slice(6)])
  },

  async 'lets a batch that is not full wait for others until its linger is over'({
    create,
    consume,
    advance,
    stopwatch,
  }) {
    await using queue = await create()
    const batches: string[][] = []
    const elapsed = stopwatch()
    let after = 0
    const handle = async (batch: string[]) => {
      after ||= elapsed()
      batches.push(batch)
    }
    await using _ = consume(queue, handle, { batch: { size: 10, linger: 60 } })
    await Promise.all([queue.put('a'), queue.put('b')])
    await advance(60)
    await queue.join()
    assert.deepEqual(batches, [['a', 'b']])
    notBefore(after, 60)
  },

  async 'has a batch handled as soon as it is full'({ create, consume }) {
    await using queue = await create()
    const batches: string[][] = []
    const handle = async (batch: string[]) => {
      batches.push(batch)
    }
    await using _ = consume(queue, handle, { batch: { size: 2, linger: 60_000 } })
    for (const value of ['a', 'b', 'c', 'd']) await queue.put(value)
    await queue.join()
    assert.deepEqual(batches, [
      ['a', 'b'],
      ['c', 'd'],
    ])
  },

  async 'has back what waits for its batch to fill when its consumer stops'({ create, consume, advance }) {
    await using queue = await create()
    let calls = 0
    const handle = async () => {
      calls++
    }
    const consumer = consume(queue, handle, { batch: { size: 3, linger: 60_000 } })
    await queue.putMany(['a', 'b'])
    while (consumer.stats().waiting < 2) await advance(10)
    await consumer.stop()
    assert.equal(calls, 0)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 2 })
    assert.deepEqual(await next(queue, 2), ['a', 'b'])
  },

  async 'retries of a failed batch what its handler has not settled'({ create, consume }) {
    await using queue = await create()
    await queue.putMany(['acked', 'buried', 'left', 'left, too'])
    const batches: string[][] = []
    await using _ = consume(
      queue,
      async (values, deliveries) => {
        batches.push(values)
        if (batches.length > 1) return
        deliveries[0]?.ack()
        deliveries[1]?.bury()
        throw new Error('the others have failed')
      },
      { batch: { size: 4 }, backoff: () => 0 },
    )
    await queue.join()
    assert.deepEqual(batches[0], ['acked', 'buried', 'left', 'left, too'])
    assert.deepEqual(batches.slice(1).flat(), ['left', 'left, too'])
    assert.deepEqual(await countsOf(queue), { ...nothing, dead: 1 })
  },

  async 'has messages of a key handled in order and one at a time, and those of others meanwhile'({ create, consume }) {
    await using queue = await create()
    const running = new Set<string>()
    const handled: string[] = []
    const others = Promise.withResolvers<void>()
    await using _ = consume(
      queue,
      async value => {
        const key = value.slice(0, 1)
        assert.ok(!running.has(key))
        running.add(key)
        if (value === 'a1') await others.promise
        handled.push(value)
        if (value === 'b2') others.resolve()
        running.delete(key)
      },
      { key: value => value.slice(0, 1), concurrency: 3, retries: 0 },
    )
    await queue.putMany(['a1', 'a2', 'b1', 'a3', 'b2'])
    await queue.join()
    assert.deepEqual(
      handled.filter(value => value.startsWith('a')),
      ['a1', 'a2', 'a3'],
    )
    assert.deepEqual(handled.slice(0, 2), ['b1', 'b2'])
  },
}
