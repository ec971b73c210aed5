import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, next, nothing, numbered, take, valuesOf } from '../helpers.ts'

export const delivering: Behaviours = {
  async 'delivers messages in the order they were put'({ create }) {
    await using queue = await create()
    await queue.put('a')
    await queue.putMany(['b', 'c'])
    await queue.put('d')
    assert.deepEqual([...(await next(queue, 2)), ...valuesOf(await queue.getMany(2))], ['a', 'b', 'c', 'd'])
  },

  async 'gives each message an id of its own, in the order of the values, and delivers it with that'({ create }) {
    await using queue = await create()
    const ids = [await queue.put('a'), ...(await queue.putMany(['a', 'b'])), await queue.put('b')]
    assert.equal(new Set(ids).size, 4)
    const deliveries = await take(queue, 4)
    assert.deepEqual(
      deliveries.map(({ id }) => id),
      ids,
    )
  },

  async 'delivers a message for the first time as attempt 1, its signal not aborted'({ create }) {
    await using queue = await create()
    await queue.put('a')
    const { attempt, signal } = await queue.get()
    assert.deepEqual([attempt, signal.aborted], [1, false])
  },

  async 'puts nothing and gives no ids for an empty putMany'({ create }) {
    await using queue = await create()
    assert.deepEqual(await queue.putMany([]), [])
    assert.deepEqual(await countsOf(queue), nothing)
  },

  async 'takes in a putMany of thousands, whole and in order'({ create }) {
    await using queue = await create()
    const values = numbered(5_000)
    const ids = await queue.putMany(values)
    assert.equal(new Set(ids).size, values.length)
    const got: string[] = []
    while (got.length < values.length) got.push(...valuesOf(await queue.getMany(values.length)))
    assert.deepEqual(got, values)
  },

  async 'gives a getMany what is ready, at most what it asked for'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    assert.deepEqual(valuesOf(await queue.getMany(2)), ['a', 'b'])
    assert.deepEqual(valuesOf(await queue.getMany(2)), ['c'])
  },

  async 'keeps a getMany waiting while nothing is ready, and gives it one message at least'({ create, isPending }) {
    await using queue = await create()
    const got = queue.getMany(10)
    assert.equal(await isPending(got), true)
    await queue.put('a')
    assert.deepEqual(valuesOf(await got), ['a'])
  },

  async 'delivers each message to one alone of those who wait'({ create, isPending }) {
    await using queue = await create()
    const gets = [queue.get(), queue.get(), queue.get()]
    const one = Promise.race(gets)
    await queue.put('a')
    assert.equal((await one).value, 'a')
    assert.equal(await isPending(Promise.all(gets)), true)
    await queue.putMany(['b', 'c'])
    assert.deepEqual(valuesOf(await Promise.all(gets)).sort(), ['a', 'b', 'c'])
  },

  async 'tells how many messages are ready, delayed, in flight and dead'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd', 'e', 'f'])
    await queue.put('g', { delay: 60_000 })
    const [first] = await take(queue, 3)
    first?.bury(new Error('no use'))
    await first?.settled
    assert.deepEqual(await countsOf(queue), { ready: 3, delayed: 1, inFlight: 2, dead: 1 })
  },

  async 'tells for how long a message has been ready, if it knows, and nothing when none is'({
    create,
    advance,
    stopwatch,
  }) {
    await using queue = await create()
    assert.equal((await queue.stats()).oldestAge, undefined)
    const elapsed = stopwatch()
    await queue.put('a')
    const sincePut = stopwatch()
    await advance(50)
    await queue.put('b')
    const least = sincePut() - 2
    const { oldestAge = least } = await queue.stats()
    assert.ok(oldestAge >= least && oldestAge <= elapsed(), `${oldestAge}`)
    await queue.getMany(2)
    assert.equal((await queue.stats()).oldestAge, undefined)
  },
}
