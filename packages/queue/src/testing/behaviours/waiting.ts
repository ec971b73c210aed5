import assert from 'node:assert/strict'
import { TimeoutError } from '../../errors.ts'
import type { BehaviourContext } from '../conformance.ts'
import { countsOf, finish, isPending } from '../helpers.ts'

export function waiting({ create, advance, test }: BehaviourContext) {
  test('takes nothing for a get that was aborted while it waited', async () => {
    await using queue = await create()
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = queue.get({ signal: controller.signal })
    assert.equal(await isPending(aborted, advance), true)
    const other = queue.get()
    controller.abort(reason)
    await assert.rejects(aborted, error => error === reason)
    await queue.put('a')
    assert.equal((await other).value, 'a')
  })

  test('takes nothing for a get that timed out', async () => {
    await using queue = await create()
    const timedOut = assert.rejects(queue.get({ timeout: 50 }), TimeoutError)
    await advance(50)
    await timedOut
    await queue.put('a')
    assert.equal((await queue.get()).value, 'a')
  })

  test('does nothing for a call whose signal is aborted already', async () => {
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
    for (const call of calls)
      await assert.rejects(
        async () => call(),
        error => error === reason,
        String(call),
      )
    assert.deepEqual(await countsOf(queue), { ready: 1, delayed: 0, inFlight: 0, dead: 0 })
  })

  test('gives a get with timeout 0 what is ready, and does not let it wait', async () => {
    await using queue = await create()
    await assert.rejects(queue.get({ timeout: 0 }), TimeoutError)
    await queue.put('a')
    assert.equal((await queue.get({ timeout: 0 })).value, 'a')
  })

  test('has nothing to join when it is empty', async () => {
    await using queue = await create()
    await queue.join({ timeout: 0 })
  })

  test('lets a join wait for what is ready, in flight and delayed', async () => {
    await using queue = await create()
    await queue.put('a')
    const joined = queue.join()
    assert.equal(await isPending(joined, advance), true)
    const delivery = await queue.get()
    assert.equal(await isPending(joined, advance), true)
    delivery.retry({ delay: 60 })
    await delivery.settled
    assert.equal(await isPending(joined, advance), true)
    const again = queue.get()
    await advance(60)
    assert.equal(await finish(await again), true)
    await joined
  })

  test('ends a join that is aborted or times out', async () => {
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
  })
}
