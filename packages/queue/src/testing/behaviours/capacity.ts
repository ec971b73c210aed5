import assert from 'node:assert/strict'
import { QueueClosedError } from '../../errors.ts'
import type { BehaviourContext } from '../conformance.ts'
import { isPending } from '../helpers.ts'

export function capacity({ create, advance, test }: BehaviourContext) {
  test('lets puts wait while it is full, and in the order they came', async () => {
    await using queue = await create({ capacity: 2 })
    await queue.put('a', { delay: 60_000 })
    await queue.put('b')
    const c = queue.put('c')
    assert.equal(await isPending(c, advance), true)
    const d = queue.put('d')
    assert.equal((await queue.get()).value, 'b')
    await c
    assert.equal(await isPending(d, advance), true)
    assert.equal((await queue.get()).value, 'c')
    await d
    assert.equal((await queue.get()).value, 'd')
  })

  test('takes in a putMany of more than it holds piece by piece, ahead of later puts', async () => {
    await using queue = await create({ capacity: 2 })
    const many = queue.putMany(['a', 'b', 'c', 'd', 'e'])
    const last = queue.put('f')
    const deliveries = []
    for (let i = 0; i < 6; i++) deliveries.push(await queue.get())
    assert.equal(deliveries.map(({ value }) => value).join(''), 'abcdef')
    assert.deepEqual(
      deliveries.map(({ id }) => id),
      [...(await many), await last],
    )
  })

  test('takes nothing in for a put that was aborted while it waited', async () => {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = queue.put('b', { signal: controller.signal })
    assert.equal(await isPending(aborted, advance), true)
    const other = queue.put('c')
    controller.abort(reason)
    await assert.rejects(aborted, error => error === reason)
    assert.equal((await queue.get()).value, 'a')
    await other
    assert.equal((await queue.get()).value, 'c')
  })

  test('takes a retried message back although it is full', async () => {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const delivery = await queue.get()
    await queue.put('b')
    delivery.retry()
    assert.equal(await delivery.settled, true)
    assert.equal((await queue.stats()).ready, 2)
  })

  test('ends a waiting put when it is closed', async () => {
    await using queue = await create({ capacity: 1 })
    await queue.put('a')
    const put = queue.put('b')
    assert.equal(await isPending(put, advance), true)
    const refused = assert.rejects(put, QueueClosedError)
    await queue.close()
    await refused
  })
}
