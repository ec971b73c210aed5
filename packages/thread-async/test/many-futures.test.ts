import { TimeoutError } from '@fosen/shared-memory'
import { asCompleted, ThreadFuture, ThreadPool, waitFutures } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { add, double, failOn } from './fixtures/functions.ts'

const pending = () => new ThreadFuture<number>(() => true)
function given(...values: number[]) {
  return values.map(value => {
    const future = pending()
    future.setResult(value)
    return future
  })
}
function failed(error: Error) {
  const future = pending()
  future.setException(error)
  return future
}

describe('waitFutures', () => {
  test('waits for all, whatever becomes of them', async () => {
    const futures = [pending(), pending(), ...given(1)]
    const waiting = waitFutures(futures)
    futures[0]?.setException(new Error('seen by the wait'))
    futures[1]?.cancel()
    expect(await waiting).toEqual({ done: new Set(futures), notDone: new Set() })
    expect(await waitFutures([])).toEqual({ done: new Set(), notDone: new Set() })
  })

  test('waits for the first, or the first that fails; one that is cancelled has not failed', async () => {
    const [open, cancelled] = [pending(), pending()]
    cancelled.cancel()
    const first = await waitFutures([open, cancelled], { returnWhen: 'FIRST_COMPLETED' })
    expect(first).toEqual({ done: new Set([cancelled]), notDone: new Set([open]) })
    const waiting = waitFutures([open, cancelled, ...given(1)], { returnWhen: 'FIRST_EXCEPTION', timeout: 5 })
    expect((await waiting).notDone).toEqual(new Set([open]))
    const failing = failed(new Error('seen by the wait'))
    const { notDone } = await waitFutures([open, failing], { returnWhen: 'FIRST_EXCEPTION' })
    expect(notDone).toEqual(new Set([open]))
  })

  test('ends at its timeout without an error, and with the reason when it is aborted', async () => {
    const open = pending()
    expect(await waitFutures([open], { timeout: 1 })).toEqual({ done: new Set(), notDone: new Set([open]) })
    expect(open.cancelled()).toBe(false)
    const controller = new AbortController()
    const waiting = waitFutures([open], { signal: controller.signal })
    controller.abort(new RangeError('no more'))
    await expect(waiting).rejects.toThrow(RangeError)
    await expect(waitFutures([open], { signal: controller.signal })).rejects.toThrow('no more')
    await expect(waitFutures([open], { timeout: 2 ** 31 })).rejects.toThrow(RangeError)
  })
})

describe('asCompleted', () => {
  test('yields what futures come to, in the order in which they are done, each once', async () => {
    const [late, early] = [pending(), pending()]
    const order: number[] = []
    const reading = (async () => {
      for (const next of asCompleted([late, early, early, ...given(0)])) order.push(await next)
    })()
    early.setResult(1)
    late.setResult(2)
    await reading
    expect(order).toEqual([0, 1, 2])
    expect([...asCompleted([])]).toEqual([])
  })

  test('yields errors, too, and lets those be that nobody waits for', async () => {
    const [first] = asCompleted([failed(new Error('first')), failed(new Error('left alone'))])
    await expect(first).rejects.toThrow('first')
  })

  test('yields TimeoutErrors when the time is over', async () => {
    const [first, second, third] = asCompleted([pending(), ...given(1), pending()], { timeout: 1 })
    expect(await first).toBe(1)
    await expect(second).rejects.toThrow(TimeoutError)
    await expect(third).rejects.toThrow('2 of 3 futures were not done within 1 ms')
    expect(() => asCompleted([], { timeout: Number.NaN })).toThrow(RangeError)
  })
})

describe('map', () => {
  let pool: ThreadPool
  beforeEach(() => {
    pool = new ThreadPool({ max: 2 })
  })
  afterEach(() => pool.shutdown())

  test('yields the results in order, of iterables and async iterables', async () => {
    expect(await Array.fromAsync(pool.map(double, [1, 2, 3, 4, 5, 6, 7]))).toEqual([2, 4, 6, 8, 10, 12, 14])
    const values = (async function* () {
      yield* [1, 2]
    })()
    expect(await Array.fromAsync(pool.map(double, values, { lookAhead: 1 }))).toEqual([2, 4])
  })

  test('takes no more values than it looks ahead', async () => {
    let taken = 0
    const endless = (function* () {
      for (;;) yield taken++
    })()
    for await (const result of pool.map(double, endless, { lookAhead: 3 })) {
      expect(taken).toBeLessThanOrEqual(result / 2 + 3)
      if (result === 20) break
    }
    expect(await pool.submit(add, 1, 2)).toBe(3)
  })

  test('waits for room where calls that wait are limited', async () => {
    await using small = new ThreadPool({ max: 1, maxQueue: 1 })
    expect(await Array.fromAsync(small.map(double, [1, 2, 3, 4, 5], { lookAhead: 4 }))).toEqual([2, 4, 6, 8, 10])
  })

  test('ends with the first error, and drops what is under way', async () => {
    const results: number[] = []
    const reading = (async () => {
      for await (const result of pool.map(failOn, [1, 2, 13, 4, 13, 6])) results.push(result)
    })()
    await expect(reading).rejects.toThrow('unlucky')
    expect(results).toEqual([1, 2])
    expect(() => pool.map(double, [1], { lookAhead: 0 })).toThrow(RangeError)
  })
})
