import assert from 'node:assert/strict'
import { QueueClosedError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { finish, take } from '../helpers.ts'

export const closing: Behaviours = {
  async 'ends a waiting get and a waiting join when it is closed'({ create, isPending }) {
    await using queue = await create()
    await queue.put('a')
    await queue.get()
    const waits = [queue.get(), queue.getMany(2, { timeout: 60_000 }), queue.join()]
    for (const wait of waits) assert.equal(await isPending(wait), true)
    const refused = waits.map(wait => assert.rejects(wait, QueueClosedError))
    await queue.close()
    await Promise.all(refused)
  },

  async 'refuses every call once it is closed'({ create }) {
    await using queue = await create()
    await queue.put('a')
    await queue.close()
    const calls = [
      () => queue.put('b'),
      () => queue.putMany(['b']),
      () => queue.putMany([]),
      () => queue.get(),
      () => queue.get({ timeout: 0 }),
      () => queue.getMany(1),
      () => queue.stats(),
      () => queue.join(),
      () => queue.deadLetters.list(),
    ]
    for (const call of calls) await assert.rejects(async () => call(), QueueClosedError, String(call))
  },

  async 'is closed twice without harm, and by its disposal'({ create }) {
    await using queue = await create()
    await Promise.all([queue.close(), queue.close()])
    await queue.close()
    const other = await create()
    await other[Symbol.asyncDispose]()
    await assert.rejects(other.stats(), QueueClosedError)
  },

  async 'keeps what was settled before it was closed as settled'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b'])
    const settled = (await take(queue, 2)).map(finish)
    await queue.close()
    assert.deepEqual(await Promise.all(settled), [true, true])
  },

  async 'refuses what a delivery is settled with once it is closed'({ create }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd'])
    const [a, b, c, d] = await take(queue, 4)
    await queue.close()
    a?.ack()
    b?.retry()
    c?.bury()
    d?.release()
    for (const delivery of [a, b, c, d]) await assert.rejects(async () => delivery?.settled, QueueClosedError)
  },
}
