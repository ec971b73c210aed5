import { ThreadPool } from '@fosen/thread-async'
import { afterAll, describe, expect, test } from 'vitest'
import { threadCount } from '../src/thread-count.ts'
import { blockOnAsync, fibonacci, fibonacciSync } from './fixtures/functions.ts'

const pool = new ThreadPool({ max: 2 })
afterAll(() => pool.shutdown())

describe('calls within calls', () => {
  test('that are awaited come to an end, in a number of threads that is bounded', async () => {
    expect(await pool.submit(fibonacci, 12)).toBe(144)
    expect(Atomics.load(threadCount(), 0)).toBeLessThanOrEqual(24)
  })

  test('that are blocked on come to an end, too', async () => {
    expect(await pool.submit(fibonacciSync, 12)).toBe(144)
    expect(pool.submit(fibonacciSync, 12).result()).toBe(144)
    expect(Atomics.load(threadCount(), 0)).toBeLessThanOrEqual(24)
  })

  test('of async functions that block start a thread each, as nothing else would end', () => {
    expect(pool.submit(blockOnAsync, 6).result()).toBe(6)
  })
})
