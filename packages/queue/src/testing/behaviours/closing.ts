import assert from 'node:assert/strict'
import type { Delivery } from '../../delivery.ts'
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

  test('refuses what a delivery is settled with once it is closed', async () => {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    const deliveries: Delivery<string>[] = []
    while (deliveries.length < 3) deliveries.push(await queue.get())
    await queue.close()
    const [first, second, third] = deliveries
    first?.ack()
    second?.retry()
    third?.bury()
    for (const { settled } of deliveries) await assert.rejects(settled, QueueClosedError)
  })
}
