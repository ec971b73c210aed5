import assert from 'node:assert/strict'
import type { PutManyOptions } from '../../queue.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, finish, nothing } from '../helpers.ts'

export const deduplication: Behaviours = {
  async 'puts nothing for a key whose window is open, and gives the id of the message that opened it'({ create }) {
    await using queue = await create()
    const id = await queue.put('a', { dedupKey: 'key' })
    assert.equal(await queue.put('b', { dedupKey: 'key' }), id)
    assert.equal((await countsOf(queue)).ready, 1)
    assert.equal((await queue.get()).value, 'a')
  },

  async 'puts messages of other keys, and without one, while a window is open'({ create }) {
    await using queue = await create()
    const ids = [
      await queue.put('a', { dedupKey: 'key' }),
      await queue.put('a', { dedupKey: 'other key' }),
      await queue.put('a', { dedupKey: '' }),
      await queue.put('a'),
    ]
    assert.equal(new Set(ids).size, 4)
    assert.equal((await countsOf(queue)).ready, 4)
  },

  async 'keeps the window of a message open that is done'({ create }) {
    await using queue = await create()
    const id = await queue.put('a', { dedupKey: 'key' })
    await finish(await queue.get())
    assert.equal(await queue.put('b', { dedupKey: 'key' }), id)
    assert.equal((await countsOf(queue)).ready, 0)
  },

  async 'puts a message for a key whose window is over'({ create, advance }) {
    await using queue = await create()
    const id = await queue.put('a', { dedupKey: 'key', dedupWindow: 30 })
    await advance(40)
    assert.notEqual(await queue.put('b', { dedupKey: 'key' }), id)
    assert.equal((await countsOf(queue)).ready, 2)
  },

  async 'leaves a window as long as it was when a duplicate comes'({ create, advance }) {
    await using queue = await create()
    const first = await queue.put('a', { dedupKey: 'key', dedupWindow: 60 })
    await advance(30)
    await queue.put('b', { dedupKey: 'key', dedupWindow: 60_000 })
    await advance(40)
    // Where the machine was so slow that the second opened a window of its own, that is not the first's either.
    assert.notEqual(await queue.put('c', { dedupKey: 'key' }), first)
  },

  async 'refuses a window without a key, and one key for a putMany'({ create }) {
    await using queue = await create()
    const keyed = { dedupKey: 'key' } as PutManyOptions
    await assert.rejects(async () => queue.put('a', { dedupWindow: 100 }), TypeError)
    await assert.rejects(async () => queue.putMany(['a', 'b'], keyed), TypeError)
    assert.deepEqual(await countsOf(queue), nothing)
  },
}
