import assert from 'node:assert/strict'
import { once } from 'node:events'
import { LeaseLostError, TimeoutError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, finish, next, notBefore, nothing } from '../helpers.ts'

export const leases: Behaviours = {
  async 'delivers a message again whose lease was lost, its attempt one higher, and not before'({
    create,
    advance,
    stopwatch,
  }) {
    await using queue = await create({ lease: 50 })
    const id = await queue.put('a')
    const elapsed = stopwatch()
    await queue.get()
    const again = queue.get().then(delivery => ({ delivery, after: elapsed() }))
    await advance(50)
    const { delivery, after } = await again
    assert.deepEqual([delivery.id, delivery.value, delivery.attempt], [id, 'a', 2])
    notBefore(after, 50)
  },

  async 'aborts the signal of a delivery whose lease was lost with a LeaseLostError'({ create, advance }) {
    await using queue = await create({ lease: 50 })
    await queue.put('a')
    const { signal } = await queue.get()
    const aborted = once(signal, 'abort')
    const again = queue.get()
    await advance(50)
    await Promise.all([aborted, again])
    assert.ok(signal.reason instanceof LeaseLostError)
    assert.equal((await again).signal.aborted, false)
  },

  async 'says false for whatever a delivery is settled with whose lease was lost, and heeds nothing of it'({
    create,
    advance,
  }) {
    for (const settle of ['ack', 'retry', 'bury', 'release'] as const) {
      await using queue = await create({ lease: 100 })
      await queue.put('a')
      const lost = await queue.get()
      const got = queue.get()
      await advance(100)
      const again = await got
      lost[settle]()
      assert.equal(await lost.settled, false, settle)
      assert.deepEqual(await countsOf(queue), { ...nothing, inFlight: 1 }, settle)
      assert.equal(await finish(again), true)
    }
  },

  async 'delivers nothing again that was settled in time'({ create, advance, stopwatch }) {
    await using queue = await create({ lease: 90 })
    await queue.putMany(['a', 'b'])
    const elapsed = stopwatch()
    for (let i = 0; i < 2; i++) {
      // False only where the machine was too slow for the lease.
      if (!(await finish(await queue.get()))) notBefore(elapsed(), 90)
    }
    const got = assert.rejects(queue.get({ timeout: 100 }), TimeoutError)
    await advance(100)
    await got
    assert.deepEqual(await countsOf(queue), nothing)
  },

  async 'delivers messages whose leases were lost before those that wait, in their order'({ create, advance }) {
    await using queue = await create({ lease: 100 })
    await queue.putMany(['a', 'b'])
    await queue.getMany(2)
    await advance(100)
    await queue.putMany(['first', 'c', 'd'])
    // The first get may be what has the queue look at its leases, and have its message before it did.
    const [first] = await next(queue, 1)
    await advance(10)
    const values = [first, ...(await next(queue, 4))]
    assert.deepEqual(
      values.filter(value => value !== 'first'),
      ['a', 'b', 'c', 'd'],
    )
  },

  async 'has a message handled again whose handler lost its lease, whatever becomes of that handler'({
    create,
    advance,
    consume,
  }) {
    await using queue = await create({ lease: 90 })
    const attempts: number[] = []
    await using consumer = consume(
      queue,
      async (_, { attempt, signal }) => {
        attempts.push(attempt)
        if (attempt === 1) await once(signal, 'abort')
      },
      { concurrency: 2 },
    )
    await queue.put('a')
    await advance(100)
    await queue.join()
    await consumer.stop()
    assert.deepEqual(attempts, [1, 2])
    assert.deepEqual(await countsOf(queue), nothing)
  },
}
