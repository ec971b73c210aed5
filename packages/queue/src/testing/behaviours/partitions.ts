import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Behaviours } from '../behaviour.ts'
import { finish, numbered } from '../helpers.ts'

export const partitions: Behaviours = {
  async 'delivers messages of a partition to one owner alone while one of them is in flight'({ create, isPending }) {
    await using queue = await create({ partitions: 4 })
    const owner = {}
    await queue.putMany(['a', 'b'], { partitionKey: 'key' })
    const a = await queue.get({ owner })
    const other = queue.get()
    assert.equal(await isPending(other), true)
    const b = await queue.get({ owner })
    assert.deepEqual([a.value, b.value], ['a', 'b'])
    await finish(a)
    await queue.put('c', { partitionKey: 'key' })
    assert.equal(await isPending(other), true)
    await finish(b)
    assert.equal((await other).value, 'c')
  },

  async 'delivers messages of other partitions meanwhile'({ create }) {
    await using queue = await create({ partitions: 4 })
    for (const partitionKey of numbered(40)) await queue.put('a', { partitionKey })
    await queue.get({ owner: {} })
    await queue.get({ owner: {} })
  },

  async 'lets go of a partition when what is in flight of it is settled, with whatever'({ create, isPending }) {
    for (const settle of ['ack', 'retry', 'bury', 'release'] as const) {
      await using queue = await create({ partitions: 2 })
      await queue.putMany(['a', 'b'], { partitionKey: 'key' })
      const delivery = await queue.get({ owner: {} })
      const other = queue.get()
      assert.equal(await isPending(other), true, settle)
      delivery[settle]()
      const isBack = settle === 'retry' || settle === 'release'
      assert.equal((await other).value, isBack ? 'a' : 'b', settle)
    }
  },

  async 'delivers messages without a partition key, too'({ create }) {
    await using queue = await create({ partitions: 3 })
    const values = numbered(5)
    await queue.putMany(values)
    const got: string[] = []
    const owner = {}
    while (got.length < values.length) got.push((await queue.get({ owner })).value)
    assert.deepEqual(got.toSorted(), values)
  },

  async 'has messages of a partition key handled in order, one at a time, over several consumers'({ create, consume }) {
    await using queue = await create({ partitions: 3 })
    const values = Array.from('abcde', key => numbered(8).map(value => `${key} ${value}`))
    const handled: string[] = []
    const running = new Set<string | undefined>()
    const start = () => {
      return consume(
        queue,
        async value => {
          assert.ok(!running.has(value[0]))
          running.add(value[0])
          await turn()
          handled.push(value)
          running.delete(value[0])
        },
        { retries: 0 },
      )
    }
    await using _ = start()
    await using __ = start()
    for (const value of values.flat()) await queue.put(value, { partitionKey: value.slice(0, 1) })
    await queue.join()
    const byKey = values.map(([first]) => handled.filter(value => value[0] === first?.[0]))
    assert.deepEqual(byKey, values)
  },
}
