import assert from 'node:assert/strict'
import type { Behaviours } from '../behaviour.ts'
import { next, take } from '../helpers.ts'

export const priorities: Behaviours = {
  async 'delivers messages of a higher priority first'({ create }) {
    await using queue = await create()
    await queue.put('b', { priority: 1 })
    await queue.put('a')
    await queue.put('d', { priority: 3 })
    await queue.put('c', { priority: 2 })
    assert.deepEqual(await next(queue, 4), ['d', 'c', 'b', 'a'])
  },

  async 'delivers messages of the same priority in the order they were put'({ create }) {
    await using queue = await create()
    await queue.put('a', { priority: 2 })
    await queue.putMany(['b', 'c'], { priority: 2 })
    await queue.put('first', { priority: 3 })
    await queue.put('d', { priority: 2 })
    assert.deepEqual(await next(queue, 5), ['first', 'a', 'b', 'c', 'd'])
  },

  async 'keeps the priority of a message that was released'({ create }) {
    await using queue = await create()
    await queue.put('low')
    await queue.putMany(['a', 'b'], { priority: 1 })
    const [a] = await take(queue, 1)
    await queue.put('high', { priority: 2 })
    a?.release()
    await a?.settled
    assert.deepEqual(await next(queue, 4), ['high', 'a', 'b', 'low'])
  },
}
