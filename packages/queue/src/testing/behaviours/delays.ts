import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, next, notBefore, valuesOf } from '../helpers.ts'

export const delays: Behaviours = {
  async 'holds a delayed message back until its time has come'({ create, advance, stopwatch }) {
    await using queue = await create()
    const elapsed = stopwatch()
    await queue.put('later', { delay: 60 })
    const got = queue.get().then(elapsed)
    await advance(60)
    notBefore(await got, 60)
  },

  async 'delivers a message that is put with a delay to a get that waits already'({ create, advance, isPending }) {
    await using queue = await create()
    const got = queue.get()
    assert.equal(await isPending(got), true)
    await queue.put('later', { delay: 30 })
    await advance(30)
    assert.equal((await got).value, 'later')
  },

  async 'delivers what is ready while other messages are delayed'({ create }) {
    await using queue = await create()
    await queue.put('later', { delay: 60_000 })
    await queue.put('at once')
    assert.deepEqual(await countsOf(queue), { ready: 1, delayed: 1, inFlight: 0, dead: 0 })
    assert.equal((await queue.get()).value, 'at once')
  },

  async 'delivers delayed messages in the order in which they are due'({ create, advance }) {
    await using queue = await create()
    await queue.put('c', { delay: 100 })
    await queue.put('a', { delay: 20 })
    await queue.put('b', { delay: 60 })
    await advance(100)
    assert.deepEqual(await next(queue, 3), ['a', 'b', 'c'])
  },

  async 'delivers delayed messages that are due at the same time in the order they were put'({ create, advance }) {
    await using queue = await create()
    const values = Array.from('abcdefghijklmnopqrst')
    await queue.putMany(values, { delay: 20 })
    await advance(20)
    const got: string[] = []
    while (got.length < values.length) got.push(...valuesOf(await queue.getMany(values.length)))
    assert.deepEqual(got, values)
  },

  async 'delivers a message whose delay is over before those that were put without'({ create, advance }) {
    await using queue = await create()
    await queue.put('delayed', { delay: 20 })
    await queue.putMany(['a', 'b'])
    await advance(30)
    assert.deepEqual(await next(queue, 3), ['delayed', 'a', 'b'])
  },
}
