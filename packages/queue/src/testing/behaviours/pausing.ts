import assert from 'node:assert/strict'
import { TimeoutError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, next, nothing, take } from '../helpers.ts'

export const pausing: Behaviours = {
  async 'delivers nothing while it is paused, and then all in order'({ create, isPending }) {
    await using queue = await create()
    await queue.put('a')
    await queue.pause()
    const got = queue.get()
    await queue.put('b')
    assert.equal(await isPending(got), true)
    await assert.rejects(queue.get({ timeout: 0 }), TimeoutError)
    await queue.resume()
    assert.equal((await got).value, 'a')
    assert.deepEqual(await next(queue, 1), ['b'])
  },

  async 'lets a get go on waiting that waited when it was paused'({ create, isPending }) {
    await using queue = await create()
    const got = queue.get()
    assert.equal(await isPending(got), true)
    await queue.pause()
    await queue.put('a')
    assert.equal(await isPending(got), true)
    await queue.resume()
    assert.equal((await got).value, 'a')
  },

  async 'has messages settled that were in flight when it was paused'({ create, isPending }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    const [a, b, c] = await take(queue, 3)
    await queue.pause()
    const got = queue.get()
    a?.ack()
    b?.bury()
    c?.retry()
    for (const delivery of [a, b, c]) assert.equal(await delivery?.settled, true)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1, dead: 1 })
    assert.equal(await isPending(got), true)
    await queue.resume()
    assert.equal((await got).value, 'c')
  },

  async 'lets delays run while it is paused'({ create, advance, isPending }) {
    await using queue = await create()
    await queue.pause()
    await queue.put('later', { delay: 20 })
    const got = queue.get()
    await advance(30)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
    assert.equal(await isPending(got), true)
    await queue.resume()
    assert.equal((await got).value, 'later')
  },

  async 'ends a get while it is paused that is aborted, or whose timeout is over'({ create, advance }) {
    await using queue = await create()
    await queue.put('a')
    await queue.pause()
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = assert.rejects(queue.get({ signal: controller.signal }), error => error === reason)
    const timedOut = assert.rejects(queue.get({ timeout: 20 }), TimeoutError)
    controller.abort(reason)
    await aborted
    await advance(20)
    await timedOut
  },

  async 'tells whether it is paused, and is resumed at once however often it was paused'({ create }) {
    await using queue = await create()
    assert.equal((await queue.stats()).paused, false)
    await queue.pause()
    await queue.pause()
    assert.equal((await queue.stats()).paused, true)
    await queue.resume()
    assert.equal((await queue.stats()).paused, false)
    await queue.resume()
    await queue.put('a')
    assert.equal((await queue.get()).value, 'a')
  },
}
