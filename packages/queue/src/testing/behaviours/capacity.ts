import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { QueueClosedError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { buryNext, countsOf, finish, next, nothing, take } from '../helpers.ts'

export const capacity: Behaviours = {
  async 'lets puts wait while it is full, and go in in the order they came'({ create, isPending }) {
    await using queue = await create({ capacity: 2 })
    await queue.put('a', { delay: 60_000 })
    await queue.put('b')
    const c = queue.put('c')
    assert.equal(await isPending(c), true)
    const d = queue.put('d')
    assert.equal((await queue.get()).value, 'b')
    await c
    assert.equal(await isPending(d), true)
    assert.equal((await queue.get()).value, 'c')
    await d
    assert.equal((await queue.get()).value, 'd')
  },

  async 'puts what waits by the options that it was called with, whatever becomes of the object'({ create }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const options = { delay: 0 }
    const waits = queue.put('b', options)
    options.delay = 60_000
    await finish(await queue.get())
    await waits
    assert.equal((await queue.get({ timeout: 0 })).value, 'b')
  },

  async 'takes in a putMany of more than it holds as room comes, ahead of later puts'({ create }) {
    await using queue = await create({ capacity: 2 })
    const many = queue.putMany(['a', 'b', 'c', 'd', 'e'])
    const last = queue.put('f')
    const deliveries = await take(queue, 6)
    assert.equal(deliveries.map(({ value }) => value).join(''), 'abcdef')
    assert.deepEqual(
      deliveries.map(({ id }) => id),
      [...(await many), await last],
    )
  },

  async 'takes nothing in for a put that was aborted while it waited'({ create, isPending }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = queue.put('b', { signal: controller.signal })
    assert.equal(await isPending(aborted), true)
    const other = queue.put('c')
    controller.abort(reason)
    await assert.rejects(aborted, error => error === reason)
    assert.deepEqual(getEventListeners(controller.signal, 'abort'), [])
    assert.equal((await queue.get()).value, 'a')
    await other
    assert.equal((await queue.get()).value, 'c')
  },

  async 'keeps what went in of a putMany that was aborted while it waited'({ create, isPending }) {
    await using queue = await create({ capacity: 2 })
    const controller = new AbortController()
    const aborted = queue.putMany(['a', 'b', 'c'], { signal: controller.signal })
    assert.equal(await isPending(aborted), true)
    const refused = assert.rejects(aborted, { name: 'AbortError' })
    controller.abort()
    await refused
    assert.deepEqual(await next(queue, 2), ['a', 'b'])
    assert.deepEqual(await countsOf(queue), { ...nothing, inFlight: 2 })
  },

  async 'takes messages back although it is full'({ create }) {
    await using queue = await create({ capacity: 1 })
    for (const settle of ['retry', 'release'] as const) {
      await queue.put('a')
      const delivery = await queue.get()
      await queue.put('b')
      delivery[settle]()
      assert.equal(await delivery.settled, true)
      assert.equal((await countsOf(queue)).ready, 2)
      for (const each of await take(queue, 2)) await finish(each)
    }
  },

  async 'ends a waiting put when it is closed'({ create, isPending }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const put = queue.put('b')
    assert.equal(await isPending(put), true)
    const refused = assert.rejects(put, QueueClosedError)
    await queue.close()
    await refused
  },
}

export const capacityAndPausing: Behaviours = {
  async 'lets a waiting put in when it is resumed and one who waits has made room'({ create, isPending }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    await queue.pause()
    const got = queue.get()
    const put = queue.put('b')
    assert.equal(await isPending(Promise.race([got, put])), true)
    await queue.resume()
    assert.equal((await got).value, 'a')
    await put
    assert.equal((await queue.get()).value, 'b')
  },
}

export const capacityAndDeduplication: Behaviours = {
  async 'gives a duplicate the id of the first although it is full'({ create }) {
    await using queue = await create({ capacity: 1 })
    const id = await queue.put('a', { dedupKey: 'key' })
    assert.equal(await queue.put('b', { dedupKey: 'key' }), id)
  },

  async 'opens no window for a put that was aborted while it waited'({ create, isPending }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const controller = new AbortController()
    const aborted = queue.put('b', { dedupKey: 'key', signal: controller.signal })
    assert.equal(await isPending(aborted), true)
    const refused = assert.rejects(aborted, { name: 'AbortError' })
    controller.abort()
    await refused
    await finish(await queue.get())
    await queue.put('c', { dedupKey: 'key' })
    assert.equal((await queue.get()).value, 'c')
  },
}

export const capacityAndRequeueing: Behaviours = {
  async 'takes dead letters back although it is full, before a put that waits'({ create, isPending }) {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    await buryNext(queue)
    await queue.put('b')
    const put = queue.put('c')
    assert.equal(await isPending(put), true)
    assert.equal(await queue.deadLetters.requeue(), 1)
    assert.deepEqual(await next(queue, 3), ['b', 'a', 'c'])
    await put
  },
}
