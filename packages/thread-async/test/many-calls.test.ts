import { CancelledError, ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { describe, expect, test, vi } from 'vitest'
import { add, blockIf, echoValue, exit, spinForEver } from './fixtures/functions.ts'

/** Repeatable random numbers below `limit`; a linear congruential generator. */
function randoms(seed: number) {
  let state = seed
  return (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % limit
  }
}

describe('a pool', () => {
  test('gives each of 10,000 calls of mixed sizes back what is its own', async () => {
    await using pool = new ThreadPool({ max: 2 })
    const random = randoms(1)
    const values = Array.from({ length: 10_000 }, (_, i) => ({
      i,
      text: 'x'.repeat(random(random(50) === 0 ? 100_000 : 100)),
    }))
    const results = await Promise.all(values.map(value => pool.submit(echoValue, value)))
    expect(results.every((result, i) => result.i === i && result.text.length === values[i]?.text.length)).toBe(true)
  })

  test('loses no other call although threads die at random', async () => {
    await using pool = new ThreadPool({ max: 3, grace: 1 })
    const random = randoms(2)
    const cells = new Int32Array(new SharedArrayBuffer(8))
    let deaths = 0
    const calls = Array.from({ length: 600 }, async (_, i) => {
      const kind = random(40)
      if (kind > 1) {
        expect(await pool.submit(add, i, 1)).toBe(i + 1)
        return
      }
      deaths++
      const dying = kind === 0 ? pool.submit(exit, 1) : pool.with({ timeout: 1 }).submit(spinForEver, cells)
      const error = await dying.then(null, (error: Error) => error)
      expect(kind === 0 ? error instanceof WorkerCrashedError : error?.name === 'TimeoutError').toBe(true)
    })
    await Promise.all(calls)
    expect(deaths).toBeGreaterThan(15)
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 })
  })

  test('has no call wait for a thread whose calls took no time until one that blocks', async () => {
    await using pool = new ThreadPool({ max: 2, grace: 60_000 })
    for (let i = 0; i < 50; i++) await Promise.all([pool.submit(blockIf, false), pool.submit(blockIf, false)])
    const blocked = pool.submit(blockIf, true)
    await vi.waitFor(() => expect(blocked.running()).toBe(true), 10_000)
    expect(await pool.submit(add, 1, 2)).toBe(3)
    expect(blocked.cancel()).toBe(true)
    await expect(blocked).rejects.toThrow(CancelledError)
  })
})
