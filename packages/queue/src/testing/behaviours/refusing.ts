import assert from 'node:assert/strict'
import type { BehaviourContext } from '../conformance.ts'
import { countsOf } from '../helpers.ts'

export function refusing({ create, test }: BehaviourContext) {
  test('refuses bad arguments, and puts and takes nothing then', async () => {
    await using queue = await create()
    await queue.put('a')
    const calls = [
      () => queue.getMany(0),
      () => queue.getMany(-1),
      () => queue.getMany(1.5),
      () => queue.getMany(Number.NaN),
      () => queue.get({ timeout: -1 }),
      () => queue.get({ timeout: Number.NaN }),
      () => queue.join({ timeout: -1 }),
      () => queue.put('b', { delay: -1 }),
      () => queue.put('b', { delay: Number.NaN }),
      () => queue.put('b', { delay: Infinity }),
      () => queue.putMany(['b'], { delay: -1 }),
    ]
    for (const call of calls) await assert.rejects(async () => call(), RangeError, String(call))
    const ofWrongType = [
      () => queue.getMany('1' as unknown as number),
      () => queue.get({ timeout: '1' as unknown as number }),
      () => queue.put('b', { delay: '1' as unknown as number }),
      () => queue.putMany('bc' as unknown as string[]),
    ]
    for (const call of ofWrongType) await assert.rejects(async () => call(), TypeError, String(call))
    assert.deepEqual(await countsOf(queue), { ready: 1, delayed: 0, inFlight: 0, dead: 0 })
  })

  test('refuses a retry with a bad delay, and leaves its delivery unsettled', async () => {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    for (const delay of [-1, Number.NaN, Infinity]) assert.throws(() => delivery.retry({ delay }), RangeError)
    delivery.bury()
    assert.equal(await delivery.settled, true)
    assert.equal((await queue.stats()).dead, 1)
  })
}
