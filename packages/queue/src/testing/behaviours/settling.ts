import assert from 'node:assert/strict'
import type { BehaviourContext } from '../conformance.ts'
import { countsOf, finish, isPending, stopwatch, valuesOf } from '../helpers.ts'

export function settling({ create, advance, test }: BehaviourContext) {
  test('is rid of a message that was acked', async () => {
    await using queue = await create()
    await queue.put('a')
    assert.equal(await finish(await queue.get()), true)
    assert.deepEqual(await countsOf(queue), { ready: 0, delayed: 0, inFlight: 0, dead: 0 })
  })

  test('delivers a retried message again, its attempt one higher and its id the same', async () => {
    await using queue = await create()
    const id = await queue.put('a')
    for (const attempt of [1, 2, 3]) {
      const delivery = await queue.get()
      assert.deepEqual([delivery.id, delivery.value, delivery.attempt], [id, 'a', attempt])
      delivery.retry({ error: new Error('not yet') })
      assert.equal(await delivery.settled, true)
      assert.equal(delivery.attempt, attempt)
    }
  })

  test('delivers retried messages before those that wait, in the order they came back', async () => {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    for (const delivery of await queue.getMany(2)) {
      delivery.retry()
      await delivery.settled
    }
    assert.deepEqual(valuesOf([await queue.get(), await queue.get(), await queue.get()]), ['a', 'b', 'c'])
  })

  test('keeps a retried message back for its delay', async () => {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    const isOver = stopwatch(100)
    delivery.retry({ delay: 100 })
    await delivery.settled
    const { delayed } = await queue.stats()
    assert.equal(delayed === 1 || isOver(), true)
    const again = queue.get()
    assert.equal((await isPending(again, advance)) || isOver(), true)
    await advance(100)
    assert.equal((await again).attempt, 2)
  })

  test('heeds the first settlement of a delivery alone', async () => {
    await using queue = await create()
    await queue.put('a')
    const delivery = await queue.get()
    delivery.ack()
    delivery.retry()
    delivery.bury()
    assert.equal(await delivery.settled, true)
    assert.deepEqual(await countsOf(queue), { ready: 0, delayed: 0, inFlight: 0, dead: 0 })
  })

  test('keeps what was buried as dead letters, oldest first, with the attempts and the error as text', async () => {
    await using queue = await create()
    const ids = await queue.putMany(['a', 'b', 'c'])
    const first = await queue.get()
    first.retry()
    await first.settled
    const errors = [new RangeError('too far'), 'a string', undefined]
    for (const error of errors) {
      const delivery = await queue.get()
      delivery.bury(error)
      assert.equal(await delivery.settled, true)
    }
    assert.deepEqual(await queue.deadLetters.list(), [
      { id: ids[0], value: 'a', attempts: 2, error: { name: 'RangeError', message: 'too far' } },
      { id: ids[1], value: 'b', attempts: 1, error: { name: 'Error', message: 'a string' } },
      { id: ids[2], value: 'c', attempts: 1, error: undefined },
    ])
  })
}
