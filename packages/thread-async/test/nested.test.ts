import { ThreadPool } from '@fosen/thread-async'
import { afterAll, describe, expect, test } from 'vitest'
import { threadCount } from '../src/thread-count.ts'
import { blockOnAsync, callsAnother, fibonacci, fibonacciSync } from './fixtures/functions.ts'

let pool = new ThreadPool({ max: 2 })
afterAll(() => pool.shutdown())

describe('calls within calls', () => {
  test('that are awaited come to an end, in a number of threads that is bounded', async () => {
    expect(await pool.submit(fibonacci, 12)).toBe(144)
    expect(threadCount()).toBeLessThanOrEqual(24)
  })

  test('may be what a function returns: it is their result that crosses', async () => {
    await using pool = new ThreadPool({ max: 1 })
    for (let i = 0; i < 3; i++) expect(await pool.submit(callsAnother)).toBe(3)
  })

  test('that are blocked on come to an end, too', async () => {
    expect(await pool.submit(fibonacciSync, 12)).toBe(144)
    expect(pool.submit(fibonacciSync, 12).result()).toBe(144)
    expect(threadCount()).toBeLessThanOrEqual(24)
  })

  test('leave no thread counted that has ended with the thread which started it', async () => {
    await pool.shutdown()
    expect(threadCount()).toBe(0)
    const outer = new ThreadPool({ max: 1 })
    await outer.submit(fibonacci, 6)
    expect(threadCount()).toBeGreaterThan(1)
    await outer.shutdown()
    expect(threadCount()).toBe(0)
    pool = new ThreadPool({ max: 2 })
  })

  test('of async functions that block start a thread each, as nothing else would end', () => {
    expect(pool.submit(blockOnAsync, 6).result()).toBe(6)
  })
})
