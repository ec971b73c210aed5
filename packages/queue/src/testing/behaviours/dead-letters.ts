import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { buryNext, countsOf, next, nothing, take } from '../helpers.ts'

export const deadLetters: Behaviours = {
  async 'keeps what was buried as dead letters, oldest first, with how often they were delivered'({ create }) {
    await using queue = await create()
    const ids = await queue.putMany(['a', 'b', 'c'])
    const [a, b, c] = await take(queue, 3)
    a?.retry()
    await a?.settled
    for (const delivery of [c, b, await queue.get()]) {
      delivery?.bury()
      assert.equal(await delivery?.settled, true)
    }
    const letters = await queue.deadLetters.list()
    assert.deepEqual(
      letters.map(({ id, value, attempts }) => [id, value, attempts]),
      [
        [ids[2], 'c', 1],
        [ids[1], 'b', 1],
        [ids[0], 'a', 2],
      ],
    )
    assert.deepEqual(await countsOf(queue), { ...nothing, dead: 3 })
  },

  async 'keeps what a message was buried with as a name and a message, whatever it was'({ create }) {
    await using queue = await create()
    const unshowable = {
      get message() {
        throw new Error('not even this')
      },
    }
    const nameless = Object.assign(new Error('without a name'), { name: '' })
    const reasons = [
      new RangeError('too far'),
      'a string',
      undefined,
      { message: 'like an error' },
      nameless,
      unshowable,
    ]
    await queue.putMany(reasons.map(() => 'a'))
    for (const reason of reasons) await buryNext(queue, reason)
    const errors = (await queue.deadLetters.list()).map(({ error }) => error)
    assert.deepEqual(errors, [
      { name: 'RangeError', message: 'too far' },
      { name: 'Error', message: 'a string' },
      undefined,
      { name: 'Error', message: 'like an error' },
      { name: 'Error', message: 'without a name' },
      { name: 'Error', message: 'an error that cannot be shown' },
    ])
  },
}

export const requeueing: Behaviours = {
  async 'puts dead letters back behind those that wait, oldest first, as if never delivered'({ create }) {
    await using queue = await create()
    const ids = await queue.putMany(['a', 'b', 'c'])
    const [first] = await take(queue, 1)
    first?.retry()
    await first?.settled
    await buryNext(queue)
    await buryNext(queue)
    assert.equal(await queue.deadLetters.requeue(), 2)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 3 })
    const deliveries = await take(queue, 3)
    assert.deepEqual(
      deliveries.map(({ id, value, attempt }) => [id, value, attempt]),
      [
        [ids[2], 'c', 1],
        [ids[0], 'a', 1],
        [ids[1], 'b', 1],
      ],
    )
  },

  async 'puts those dead letters back that were asked for, and says how many there were'({ create }) {
    await using queue = await create()
    const [a, b, c] = (await queue.putMany(['a', 'b', 'c'])) as [string, string, string]
    for (let i = 0; i < 3; i++) await buryNext(queue)
    assert.equal(await queue.deadLetters.requeue([]), 0)
    assert.equal(await queue.deadLetters.requeue([c, 'an id of nothing', a, c]), 2)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 2, dead: 1 })
    assert.deepEqual((await next(queue, 2)).sort(), ['a', 'c'])
    const [letter] = await queue.deadLetters.list()
    assert.equal(letter?.id, b)
  },

  async 'gives dead letters that are put back to those who wait'({ create, isPending }) {
    await using queue = await create()
    await queue.put('a')
    await buryNext(queue)
    const got = queue.get()
    assert.equal(await isPending(got), true)
    await queue.deadLetters.requeue()
    assert.equal((await got).value, 'a')
  },

  async 'puts each dead letter back once, by whoever asks'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    for (let i = 0; i < 3; i++) await buryNext(queue)
    const counts = await Promise.all([queue.deadLetters.requeue(), queue.deadLetters.requeue()])
    assert.equal(counts[0] + counts[1], 3)
    assert.equal((await countsOf(queue)).ready, 3)
  },

  async 'keeps the last error of a message that was put back and given up again'({ create }) {
    await using queue = await create()
    await queue.put('a')
    await buryNext(queue, new Error('the first'))
    await queue.deadLetters.requeue()
    await buryNext(queue, new TypeError('the last'))
    const letters = await queue.deadLetters.list()
    assert.deepEqual(
      letters.map(({ attempts, error }) => ({ attempts, error })),
      [{ attempts: 1, error: { name: 'TypeError', message: 'the last' } }],
    )
  },

  async 'removes dead letters for good, those asked for or all, and says how many there were'({ create }) {
    await using queue = await create()
    const [a] = (await queue.putMany(['a', 'b', 'c', 'd'])) as [string]
    for (let i = 0; i < 3; i++) await buryNext(queue)
    assert.equal(await queue.deadLetters.purge([a, 'an id of nothing', a]), 1)
    assert.deepEqual(
      (await queue.deadLetters.list()).map(({ value }) => value),
      ['b', 'c'],
    )
    assert.equal(await queue.deadLetters.purge(), 2)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
    assert.equal(await queue.deadLetters.requeue([a]), 0)
  },
}
