import assert from 'node:assert/strict'
import type { BehaviourContext } from '../conformance.ts'
import { countsOf, isPending, stopwatch, valuesOf } from '../helpers.ts'

export function delivering({ create, advance, test }: BehaviourContext) {
  test('delivers messages in the order they were put, each with its id', async () => {
    await using queue = await create()
    const ids = [await queue.put('a'), ...(await queue.putMany(['b', 'c'])), await queue.put('d')]
    assert.equal(new Set(ids).size, 4)
    const deliveries = [await queue.get(), await queue.get(), ...(await queue.getMany(2))]
    assert.deepEqual(valuesOf(deliveries), ['a', 'b', 'c', 'd'])
    assert.deepEqual(
      deliveries.map(({ id }) => id),
      ids,
    )
    assert.deepEqual(
      deliveries.map(({ attempt }) => attempt),
      [1, 1, 1, 1],
    )
  })

  test('puts nothing and gives no ids for an empty putMany', async () => {
    await using queue = await create()
    assert.deepEqual(await queue.putMany([]), [])
    assert.equal((await queue.stats()).ready, 0)
  })

  test('gives a getMany what is ready, at most what it asked for', async () => {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    assert.deepEqual(valuesOf(await queue.getMany(2)), ['a', 'b'])
    assert.deepEqual(valuesOf(await queue.getMany(2)), ['c'])
  })

  test('keeps a getMany waiting while nothing is ready, and gives it one message at least', async () => {
    await using queue = await create()
    const got = queue.getMany(10)
    assert.equal(await isPending(got, advance), true)
    await queue.put('a')
    assert.deepEqual(valuesOf(await got), ['a'])
  })

  test('delivers a message to one of those who wait', async () => {
    await using queue = await create()
    const got = Promise.all([queue.get(), queue.get(), queue.get()])
    await queue.putMany(['a', 'b', 'c'])
    assert.deepEqual(valuesOf(await got).sort(), ['a', 'b', 'c'])
  })

  test('delivers a delayed message when its time has come, to one who waits, too', async () => {
    await using queue = await create()
    const isOver = stopwatch(100)
    await queue.put('later', { delay: 100 })
    const got = queue.get()
    assert.equal((await isPending(got, advance)) || isOver(), true)
    await advance(100)
    assert.equal((await got).value, 'later')
  })

  test('delivers what is ready while other messages are delayed', async () => {
    await using queue = await create()
    await queue.put('later', { delay: 60_000 })
    await queue.put('at once')
    assert.equal((await queue.stats()).delayed, 1)
    assert.equal((await queue.get()).value, 'at once')
  })

  test('delivers delayed messages that are due at the same time in the order they were put', async () => {
    await using queue = await create()
    const values = Array.from('abcdefghijklmnopqrst')
    await queue.putMany(values, { delay: 20 })
    await advance(20)
    const got: string[] = []
    while (got.length < values.length) got.push(...valuesOf(await queue.getMany(values.length)))
    assert.deepEqual(got, values)
  })

  test('counts ready, delayed, delivered and dead messages', async () => {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c', 'd'])
    await queue.put('e', { delay: 60_000 })
    const [first] = await queue.getMany(2)
    first?.bury(new Error('no use'))
    await first?.settled
    assert.deepEqual(await countsOf(queue), { ready: 2, delayed: 1, inFlight: 1, dead: 1 })
  })
}
