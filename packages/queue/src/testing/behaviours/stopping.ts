import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Delivery } from '../../delivery.ts'
import { ConsumerStoppedError } from '../../errors.ts'
import type { Behaviours } from '../behaviour.ts'
import { countsOf, nothing, numbered, take } from '../helpers.ts'

/** A handler that waits to be let go, and tells when it has been called. */
function gate() {
  const started = Promise.withResolvers<Delivery<string>>()
  const go = Promise.withResolvers<void>()
  const handle = (_: string, delivery: Delivery<string>) => {
    started.resolve(delivery)
    return go.promise
  }
  return { handle, started: started.promise, open: go.resolve }
}

export const stopping: Behaviours = {
  async 'has back what no handler has begun when its consumer stops, in order, and as no attempt'({ create, consume }) {
    await using queue = await create()
    const values = numbered(6)
    await queue.putMany(values)
    const { handle, started, open } = gate()
    const consumer = consume(queue, handle, { prefetch: 3 })
    await started
    const stopped = consumer.stop()
    open()
    await stopped
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 5 })
    const deliveries = await take(queue, 5)
    assert.deepEqual(
      deliveries.map(({ value, attempt }) => [value, attempt]),
      values.slice(1).map(value => [value, 1]),
    )
  },

  async 'has the message back of a handler that was not done at the deadline'({ create, consume, advance }) {
    await using queue = await create()
    await queue.put('a')
    const { handle, started, open } = gate()
    const consumer = consume(queue, handle)
    const { signal } = await started
    const stopped = consumer.stop({ deadline: 20 })
    await advance(20)
    await stopped
    assert.ok(signal.reason instanceof ConsumerStoppedError)
    const again = await queue.get()
    assert.deepEqual([again.value, again.attempt], ['a', 2])
    open()
  },

  async 'loses no message at whatever moment its consumer is stopped, and has none handled twice'({ create, consume }) {
    await using queue = await create()
    const values = numbered(8)
    for (let moment = 0; moment < 40; moment++) {
      await queue.putMany(values)
      const handled: string[] = []
      const attempts = new Set<number>()
      const handle = async (value: string, { attempt }: Delivery<string>) => {
        await turn()
        handled.push(value)
        attempts.add(attempt)
      }
      const consumer = consume(queue, handle, { concurrency: 2 })
      for (let step = 0; step < moment; step++) await (step % 3 === 0 ? turn() : undefined)
      await consumer.stop()
      // What was on its way to it may be in flight for a moment yet, before the queue has it back.
      const { ready, inFlight } = await countsOf(queue)
      assert.equal(ready + inFlight, values.length - handled.length, `${moment}`)
      await using _ = consume(queue, handle, { concurrency: 2 })
      await queue.join()
      assert.deepEqual(handled.toSorted(), values, `${moment}`)
      assert.deepEqual([...attempts], [1])
    }
  },

  async 'gives nothing to a consumer that was stopped, by its signal, too'({ create, consume, isPending }) {
    await using queue = await create()
    const controller = new AbortController()
    const handled: string[] = []
    const handle = async (value: string) => {
      handled.push(value)
    }
    const consumers = [consume(queue, handle), consume(queue, handle, { signal: controller.signal })]
    assert.equal(await isPending(Promise.race(consumers.map(({ finished }) => finished))), true)
    await consumers[0]?.stop()
    controller.abort()
    await consumers[1]?.finished
    await queue.put('a')
    assert.equal((await queue.get()).value, 'a')
    assert.deepEqual(handled, [])
  },

  async 'has back what a consumer that is paused has not begun, and gives it nothing until it resumes'({
    create,
    consume,
    isPending,
  }) {
    await using queue = await create()
    await queue.putMany(['a', 'b', 'c'])
    const { handle, started, open } = gate()
    await using consumer = consume(queue, handle, { prefetch: 1 })
    await started
    consumer.pause()
    const joined = queue.join()
    open()
    assert.equal(await isPending(joined), true)
    assert.deepEqual(await countsOf(queue), { ...nothing, ready: 2 })
    consumer.resume()
    await joined
  },

  async 'ends its consumers when it is closed'({ create, consume, isPending }) {
    await using queue = await create()
    const consumer = consume(queue, async () => {})
    assert.equal(await isPending(consumer.finished), true)
    await queue.close()
    await consumer.finished
  },
}
