import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { TimeoutError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, notBefore, nothing } from '../helpers.ts'

export const waiting: Behaviours = {
  async 'ends a get that is aborted with the reason, and takes nothing for it'({ create, isPending }) {
    await using queue = await create()
    const controller = new AbortController()
    const reason = { because: 'enough' }
    const aborted = queue.get({ signal: controller.signal })
    assert.equal(await isPending(aborted), true)
    const other = queue.get()
    controller.abort(reason)
    await assert.rejects(aborted, error => error === reason)
    await queue.put('a')
    assert.equal((await other).value, 'a')
  },

  async 'loses no message to a get that is aborted while it is put'({ create }) {
    await using queue = await create()
    for (const value of ['a', 'b', 'c', 'd']) {
      const controller = new AbortController()
      const got = queue.get({ signal: controller.signal }).catch(() => undefined)
      const put = queue.put(value)
      controller.abort()
      await put
      const delivery = (await got) ?? (await queue.get())
      assert.deepEqual([delivery.value, delivery.attempt], [value, 1])
      delivery.ack()
      await delivery.settled
    }
    assert.deepEqual(await countsOf(queue), nothing)
  },

  async 'ends a get whose timeout is over with a TimeoutError, and takes nothing for it'({
    create,
    advance,
    stopwatch,
  }) {
    await using queue = await create()
    const elapsed = stopwatch()
    const timedOut = assert.rejects(queue.get({ timeout: 50 }), TimeoutError).then(elapsed)
    await advance(50)
    notBefore(await timedOut, 50)
    await queue.put('a')
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
  },

  async 'gives a get with timeout 0 what is ready, and does not let it wait'({ create }) {
    await using queue = await create()
    await assert.rejects(queue.get({ timeout: 0 }), TimeoutError)
    await assert.rejects(queue.getMany(2, { timeout: 0 }), TimeoutError)
    await queue.put('a')
    assert.equal((await queue.get({ timeout: 0 })).value, 'a')
  },

  async 'does nothing for a call whose signal is aborted already'({ create }) {
    await using queue = await create()
    await queue.put('a')
    const reason = new Error('too late')
    const signal = AbortSignal.abort(reason)
    const calls = [
      () => queue.get({ signal }),
      () => queue.getMany(2, { signal }),
      () => queue.join({ signal }),
      () => queue.put('b', { signal }),
      () => queue.putMany(['b'], { signal }),
    ]
    for (const call of calls) {
      const refused = assert.rejects(
        async () => call(),
        error => error === reason,
        String(call),
      )
      await refused
    }
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
  },

  async 'leaves no listener behind on the signal of what has ended'({ create, advance }) {
    await using queue = await create()
    const { signal } = new AbortController()
    await queue.put('a', { signal })
    await queue.putMany(['b', 'c'], { signal })
    const timedOut = assert.rejects(queue.join({ signal, timeout: 20 }), TimeoutError)
    await advance(20)
    await timedOut
    for (const delivery of [await queue.get({ signal }), ...(await queue.getMany(2, { signal }))]) delivery.ack()
    await queue.join({ signal })
    const got = queue.get({ signal })
    await queue.put('d')
    await got
    assert.deepEqual(getEventListeners(signal, 'abort'), [])
  },
}
