import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Behaviours } from '../behaviour.ts'

export const context: Behaviours = {
  async 'has a message handled in the AsyncLocalStorage of its put, at each attempt'({ create, consume }) {
    await using queue = await create()
    const storage = new AsyncLocalStorage<string>()
    const seen: [value: string, attempt: number, store: string | undefined][] = []
    const start = () => {
      return consume(
        queue,
        async (value, { attempt }) => {
          await turn()
          seen.push([value, attempt, storage.getStore()])
          if (attempt === 1) throw new Error('once more')
        },
        { backoff: () => 0 },
      )
    }
    await using _ = storage.run('of the consumer', start)
    await storage.run('of a', () => queue.put('a'))
    await queue.join()
    await storage.run('of b', () => queue.putMany(['b']))
    await queue.join()
    await queue.put('c')
    await queue.join()
    assert.deepEqual(seen, [
      ['a', 1, 'of a'],
      ['a', 2, 'of a'],
      ['b', 1, 'of b'],
      ['b', 2, 'of b'],
      ['c', 1, undefined],
      ['c', 2, undefined],
    ])
  },
}
