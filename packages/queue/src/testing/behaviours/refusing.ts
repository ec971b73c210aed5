import assert from 'node:assert/strict'
import type { PutOptions } from '../../queue.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, nothing } from '../helpers.ts'

const noTimes = [-1, Number.NaN, -Infinity]
const noDelays = [...noTimes, Infinity, Number.MAX_VALUE]
const noCounts = [0, -1, 1.5, Number.NaN, Infinity]
const noPriorities = [-1, 0.5, 4, Number.NaN]

export const refusing: Behaviours = {
  async 'refuses a number that is no time, no count or no priority with a RangeError, and does nothing'({ create }) {
    await using queue = await create()
    await queue.put('a')
    const options: object[] = [
      ...noDelays.map(delay => ({ delay })),
      ...noDelays.map(dedupWindow => ({ dedupKey: 'key', dedupWindow })),
      ...noPriorities.map(priority => ({ priority })),
    ]
    const calls: (() => Promise<unknown>)[] = [
      ...noCounts.map(max => () => queue.getMany(max)),
      ...noTimes.map(timeout => () => queue.get({ timeout })),
      ...noTimes.map(timeout => () => queue.join({ timeout })),
      ...options.map(bad => () => queue.put('b', bad)),
      ...noDelays.map(delay => () => queue.putMany(['b'], { delay })),
    ]
    for (const [i, call] of calls.entries()) await assert.rejects(async () => call(), RangeError, `call ${i}: ${call}`)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
  },

  async 'refuses an argument of the wrong type with a TypeError, and does nothing'({ create }) {
    await using queue = await create()
    await queue.put('a')
    const wrong = '1' as unknown as never
    const options: PutOptions[] = [
      { delay: wrong },
      { priority: wrong },
      { partitionKey: 1 as unknown as never },
      { dedupKey: 1 as unknown as never },
      { dedupKey: 'key', dedupWindow: wrong },
      { signal: wrong },
    ]
    const calls: (() => Promise<unknown>)[] = [
      ...options.map(bad => () => queue.put('b', bad)),
      () => queue.putMany('bc' as unknown as string[]),
      () => queue.getMany(wrong),
      () => queue.get({ timeout: wrong }),
      () => queue.get({ signal: wrong }),
      () => queue.get({ owner: wrong }),
      () => queue.get({ holdFor: wrong }),
      () => queue.join({ timeout: wrong }),
    ]
    for (const [i, call] of calls.entries()) await assert.rejects(async () => call(), TypeError, `call ${i}: ${call}`)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 1 })
  },

  async 'refuses a retry with a bad delay at once, and leaves its delivery unsettled'({ create }) {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    for (const delay of noDelays) assert.throws(() => delivery.retry({ delay }), RangeError, `${delay}`)
    assert.throws(() => delivery.retry({ delay: '1' as unknown as number }), TypeError)
    delivery.bury()
    assert.equal(await delivery.settled, true)
    assert.deepEqual(await countsOf(queue), { ...nothing, dead: 1 })
  },
}
