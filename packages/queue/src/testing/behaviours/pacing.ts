import assert from 'node:assert/strict'
import { once } from 'node:events'
import { HandlerAbandonedError, TimeoutError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, notBefore, nothing } from '../helpers.ts'

export const pacing: Behaviours = {
  async 'keeps a message back for the backoff of its failed attempt'({ create, consume, advance, stopwatch }) {
    await using queue = await create()
    const elapsed = stopwatch()
    const times: number[] = []
    await using _ = consume(
      queue,
      async (_, { attempt }) => {
        times.push(elapsed())
        if (attempt < 3) throw new Error('not yet')
      },
      { backoff: attempt => attempt * 30 },
    )
    await queue.put('a')
    await advance(90)
    await queue.join()
    const [, second = 0, third = 0] = times
    assert.equal(times.length, 3)
    notBefore(second, 30)
    notBefore(third, 90)
  },

  async 'has handlers called no more often than at the rate asked for'({ create, consume, advance, stopwatch }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd'])
    const elapsed = stopwatch()
    const times: number[] = []
    const handle = async () => {
      times.push(elapsed())
    }
    await using _ = consume(queue, handle, { concurrency: 4, rate: { limit: 1, per: 40, burst: 2 } })
    await advance(80)
    await queue.join()
    const [, , third = 0, fourth = 0] = times
    assert.equal(times.length, 4)
    notBefore(third, 40)
    notBefore(fourth, 80)
  },

  async 'has the signal of a handler aborted whose time is over, and its message handled again'({
    create,
    consume,
    advance,
    stopwatch,
  }) {
    await using queue = await create()
    const elapsed = stopwatch()
    const attempts: number[] = []
    let reason: unknown
    let after = 0
    await using _ = consume(
      queue,
      async (_, { attempt, signal }) => {
        attempts.push(attempt)
        if (attempt > 1) return
        await once(signal, 'abort')
        after = elapsed()
        reason = signal.reason
      },
      { timeout: 50, backoff: () => 0 },
    )
    await queue.put('a')
    await advance(50)
    await queue.join()
    assert.deepEqual(attempts, [1, 2])
    assert.ok(reason instanceof TimeoutError)
    notBefore(after, 50)
  },

  async 'has a message handled again whose handler does not end after its time and its grace'({
    create,
    consume,
    advance,
  }) {
    await using queue = await create()
    const attempts: number[] = []
    const errors: unknown[] = []
    const stuck = Promise.withResolvers<void>()
    await using consumer = consume(
      queue,
      async (_, { attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) await stuck.promise
      },
      { timeout: 60, grace: 20, backoff: () => 0, onError: error => errors.push(error) },
    )
    await queue.put('a')
    await advance(80)
    await queue.join()
    assert.deepEqual(attempts, [1, 2])
    assert.ok(errors[0] instanceof HandlerAbandonedError)
    assert.equal(consumer.stats().abandoned, 1)
    stuck.resolve()
    await consumer.stop()
    assert.deepEqual(await countsOf(queue), nothing)
  },
}
