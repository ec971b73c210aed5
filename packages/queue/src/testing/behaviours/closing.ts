import assert from 'node:assert/strict'
import { QueueClosedError } from '../../errors.ts'
import type { BehaviourContext } from '../conformance.ts'
import { finish, isPending } from '../helpers.ts'

export function closing({ create, advance, test }: BehaviourContext) {
  test('ends a waiting get and a waiting join when it is closed', async () => {
    await using queue = await create()
    await queue.put('a')
    await queue.get()
    const waits = [queue.get(), queue.join()]
    for (const wait of waits) assert.equal(await isPending(wait, advance), true)
    const refused = waits.map(wait => assert.rejects(wait, QueueClosedError))
    await queue.close()
    await Promise.all(refused)
  })

  test('refuses every call once it is closed, and is closed twice without harm', async () => {
    await using queue = await create()
    await queue.put('a')
    await queue.close()
    await queue.close()
    const calls = [
      () => queue.put('b'),
      () => queue.putMany(['b']),
      () => queue.get(),
      () => queue.getMany(1),
      () => queue.stats(),
      () => queue.join(),
      () => queue.deadLetters.list(),
    ]
    for (const call of calls) await assert.rejects(async () => call(), QueueClosedError, String(call))
  })

  test('keeps what was acked before it was closed as acked', async () => {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    const settled = finish(delivery)
    await queue.close()
    assert.equal(await settled, true)
  })
}
