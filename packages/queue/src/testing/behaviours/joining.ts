import assert from 'node:assert/strict'
import { TimeoutError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { buryNext, finish } from '../helpers.ts'

export const joining: Behaviours = {
  async 'has nothing to join when it is empty'({ create }) {
    await using queue = await create()
    await queue.join({ timeout: 0 })
  },

  async 'lets every join wait for what is ready, in flight and delayed'({ create, advance, isPending }) {
    await using queue = await create()
    await queue.put('a')
    const joined = Promise.all([queue.join(), queue.join()])
    const one = Promise.race([joined, queue.join()])
    assert.equal(await isPending(one), true)
    const delivery = await queue.get()
    assert.equal(await isPending(one), true)
    delivery.retry({ delay: 60_000 })
    await delivery.settled
    await queue.put('b', { delay: 50 })
    const got = queue.get()
    await advance(50)
    await finish(await got)
    assert.equal(await isPending(one), true)
  },

  async 'ends every join when the last message is done'({ create, isPending }) {
    await using queue = await create()
    await queue.putMany(['a', 'b'])
    const joined = Promise.all([queue.join(), queue.join()])
    await finish(await queue.get())
    assert.equal(await isPending(joined), true)
    await finish(await queue.get())
    await joined
    await queue.join({ timeout: 0 })
  },

  async 'does not wait for dead letters in a join'({ create, isPending }) {
    await using queue = await create()
    await queue.put('a')
    const joined = queue.join()
    assert.equal(await isPending(joined), true)
    await buryNext(queue)
    await joined
  },

  async 'ends a join that is aborted, or whose timeout is over'({ create, advance }) {
    await using queue = await create()
    await queue.put('a')
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = assert.rejects(queue.join({ signal: controller.signal }), error => error === reason)
    const timedOut = assert.rejects(queue.join({ timeout: 50 }), TimeoutError)
    controller.abort(reason)
    await aborted
    await advance(50)
    await timedOut
    await assert.rejects(queue.join({ timeout: 0 }), TimeoutError)
  },
}
