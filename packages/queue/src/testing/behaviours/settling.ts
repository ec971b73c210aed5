import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, finish, next, notBefore, nothing, take } from '../helpers.ts'

const settlements = ['ack', 'retry', 'bury', 'release'] as const

export const settling: Behaviours = {
  async 'is rid of a message that was acked'({ create }) {
    await using queue = await create()
    await queue.put('a')
    assert.equal(await finish(await queue.get()), true)
    assert.deepEqual(await countsOf(queue), nothing)
  },

  async 'settles each delivery by itself, in any order'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd'])
    const [a, b, c, d] = await take(queue, 4)
    c?.ack()
    a?.retry()
    d?.bury()
    for (const delivery of [a, c, d]) assert.equal(await delivery?.settled, true)
    assert.deepEqual(await countsOf(queue), { ready: 1, delayed: 0, inFlight: 1, dead: 1 })
    b?.ack()
    await b?.settled
    assert.equal((await queue.get()).value, 'a')
  },

  async 'delivers a retried message again, its attempt one higher and its id the same'({ create }) {
    await using queue = await create()
    const id = await queue.put('a')
    for (const attempt of [1, 2, 3]) {
      const delivery = await queue.get()
      assert.deepEqual([delivery.id, delivery.value, delivery.attempt], [id, 'a', attempt])
      delivery.retry({ error: new Error('not yet') })
      assert.equal(await delivery.settled, true)
      assert.equal(delivery.attempt, attempt)
    }
  },

  async 'delivers retried messages before those that wait, in the order they came back'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd'])
    const [a, b, c] = await take(queue, 3)
    for (const delivery of [b, c, a]) {
      delivery?.retry()
      await delivery?.settled
    }
    assert.deepEqual(await next(queue, 4), ['b', 'c', 'a', 'd'])
  },

  async 'keeps a retried message back for its delay'({ create, advance, stopwatch }) {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    const elapsed = stopwatch()
    delivery.retry({ delay: 60 })
    await delivery.settled
    const again = queue.get().then(({ attempt }) => ({ attempt, after: elapsed() }))
    await advance(60)
    const { attempt, after } = await again
    assert.equal(attempt, 2)
    notBefore(after, 60)
  },

  async 'delivers a released message next, and counts no attempt'({ create }) {
    await using queue = await create()
    const ids = await queue.putMany(['a', 'b', 'c'])
    const [a, b] = await take(queue, 2)
    a?.retry()
    await a?.settled
    b?.release()
    assert.equal(await b?.settled, true)
    const again = await take(queue, 3)
    assert.deepEqual(
      again.map(({ id, value, attempt }) => [id, value, attempt]),
      [
        [ids[1], 'b', 1],
        [ids[0], 'a', 2],
        [ids[2], 'c', 1],
      ],
    )
  },

  async 'gives a message that comes back to a get that waits'({ create, isPending }) {
    await using queue = await create()
    await queue.put('a')
    for (const settle of ['retry', 'release'] as const) {
      const delivery = await queue.get()
      const got = queue.get()
      assert.equal(await isPending(got), true)
      delivery[settle]()
      const again = await got
      assert.equal(again.value, 'a')
      again.release()
    }
  },

  async 'heeds the first of ack, retry, bury and release alone'({ create }) {
    for (const first of settlements) {
      await using queue = await create()
      await queue.put('a')
      const delivery = await queue.get()
      delivery[first]()
      for (const later of settlements) delivery[later]()
      assert.equal(await delivery.settled, true)
      const ready = first === 'retry' || first === 'release' ? 1 : 0
      assert.deepEqual(await countsOf(queue), { ...nothing, ready, dead: first === 'bury' ? 1 : 0 }, first)
      if (ready === 1) assert.equal((await queue.get()).attempt, first === 'retry' ? 2 : 1)
    }
  },

  async 'leaves the signal of a delivery alone that is settled'({ create }) {
    for (const settle of settlements) {
      await using queue = await create()
      await queue.put('a')
      const delivery = await queue.get()
      const { signal } = delivery
      delivery[settle]()
      await delivery.settled
      assert.equal(signal.aborted, false, settle)
    }
  },
}
