import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { TimeoutError } from '@fosen/shared-memory'
import { ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { add, blockOn, exit, fail, throwUncaught, useUp, waitAtGate } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

let pool: ThreadPool
beforeEach(() => {
  pool = new ThreadPool({ max: 2, name: 'test', resourceLimits: { maxOldGenerationSizeMb: 32 } })
})
afterEach(() => pool.shutdown())

describe('result', () => {
  test('blocks until the call has returned, right after the pool was made', () => {
    expect(pool.submit(add, 1, 2).result()).toBe(3)
  })

  test('of more calls than there are threads comes in any order', () => {
    const futures = Array.from({ length: 20 }, (_, i) => pool.submit(add, i, i))
    expect(futures.toReversed().map(future => future.result())).toEqual(
      Array.from({ length: 20 }, (_, i) => 38 - 2 * i),
    )
  })

  test('works in a done callback, for a call that waits for the same thread', async () => {
    await using single = new ThreadPool({ max: 1 })
    const gate = new Gate()
    const first = single.submit(waitAtGate, gate.cells)
    const second = single.submit(add, 1, 2)
    const results: number[] = []
    first.addDoneCallback(() => results.push(second.result(20_000)))
    gate.open()
    await first
    const dying = single.submit(exit, 1)
    const after = single.submit(add, 2, 2)
    dying.addDoneCallback(() => results.push(after.result(20_000)))
    await dying.then(null, () => {})
    expect(results).toEqual([3, 4])
  })

  test('waits for no more than it needs, and gives up in time, although more and more arrives', async () => {
    await using single = new ThreadPool({ max: 1 })
    const futures = Array.from({ length: 3000 }, () => single.submit(add, 1, 2))
    expect(futures[0]?.result()).toBe(3)
    expect(futures.filter(future => future.done())).toEqual([futures[0]])
    expect(() => futures.at(-1)?.result(0)).toThrow(TimeoutError)
  })

  test('throws what the call failed with, as often as it is asked', () => {
    const future = pool.submit(fail, 'range')
    expect(() => future.result()).toThrow(RangeError)
    expect(() => future.result()).toThrow('out of range')
    expect(future.exception()).toBeInstanceOf(RangeError)
  })

  test('throws what cannot be cloned, on the way there and back', () => {
    expect(() => pool.submit(add, Symbol() as never, 1).result()).toThrow(/could not be cloned/)
  })

  test('gives up after its timeout; the call goes on', async () => {
    const gate = new Gate()
    const future = pool.submit(waitAtGate, gate.cells)
    expect(() => future.result(5)).toThrow(TimeoutError)
    expect(() => future.exception(0)).toThrow(TimeoutError)
    gate.open()
    expect(future.result()).toBe('test-1')
    expect(future.exception()).toBeUndefined()
  })

  test('throws CancelledError when the call was cancelled', () => {
    const gate = new Gate()
    const futures = [1, 2, 3].map(() => pool.submit(waitAtGate, gate.cells))
    futures[2]?.cancel()
    expect(() => futures[2]?.result()).toThrow('cancelled')
    expect(() => futures[2]?.exception()).toThrow('cancelled')
    gate.open()
  })

  test.each([
    ['process.exit', exit, 3, 'with exit code 3'],
    ['an uncaught error', throwUncaught, undefined, 'with an uncaught error'],
    ['no memory left', useUp, undefined, 'ended while'],
  ])('sees that the thread has died of %s, without the event loop', (_, fn, arg, how) => {
    const future = pool.submit(fn as (arg: unknown) => unknown, arg)
    const error = future.exception(20_000)
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect((error as Error).message).toContain(how)
    expect(pool.submit(add, 1, 2).result()).toBe(3)
  })

  test('works in threads, and in theirs', () => {
    expect(pool.submit(blockOn, 3).result()).toBe(3)
  })

  test('lets what threads print appear while the caller is blocked', () => {
    const script = fileURLToPath(new URL('fixtures/prints-while-blocked.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toBe(
      'from the thread\nfrom the caller\n',
    )
  })

  test.each([[Number.NaN], [-1]])('refuses a timeout of %s', timeout => {
    const future = pool.submit(add, 1, 2)
    expect(() => future.result(timeout)).toThrow(RangeError)
    expect(() => future.exception(timeout)).toThrow(RangeError)
  })
})
