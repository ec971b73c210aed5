import {
  CancelledError,
  NotPortableError,
  PoolShutDownError,
  ThreadPool,
  WorkerCrashedError,
} from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { add, exit, giveFunction, throwUncaught, useUp, waitAtGate, whoRuns } from './fixtures/functions.ts'

let pool: ThreadPool
beforeEach(() => {
  pool = new ThreadPool({ max: 2, name: 'test' })
})
afterEach(() => pool.shutdown())

/** Two cells: how many calls have arrived, and whether they may go. */
class Gate {
  readonly cells = new Int32Array(new SharedArrayBuffer(8))
  async arrived(count: number) {
    for (let seen = 0; seen < count; seen = Atomics.load(this.cells, 0)) {
      await Atomics.waitAsync(this.cells, 0, seen).value
    }
  }
  open() {
    Atomics.store(this.cells, 1, 1)
    Atomics.notify(this.cells, 1)
  }
}

describe('submit', () => {
  test('runs the function in a thread of the pool', async () => {
    expect(await pool.submit(add, 1, 2)).toBe(3)
    expect(await pool.submit(whoRuns)).toBe('test-1')
  })

  test('runs as many calls at a time as the pool may have threads, the rest in order', async () => {
    const gate = new Gate()
    const futures = Array.from({ length: 5 }, () => pool.submit(waitAtGate, gate.cells))
    await gate.arrived(2)
    expect(pool.stats()).toMatchObject({ queued: 3, running: 2, threads: [{ name: 'test-1' }, { name: 'test-2' }] })
    expect(futures.map(future => future.running())).toEqual([true, true, false, false, false])
    gate.open()
    expect(new Set(await Promise.all(futures))).toEqual(new Set(['test-1', 'test-2']))
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 })
  })

  test('refuses a function that is not portable', () => {
    expect(() => pool.submit(() => 1)).toThrow(NotPortableError)
  })

  test('fails the call, and no other, when an argument or the result cannot be cloned', async () => {
    const symbol = Symbol('unique') as never
    await expect(pool.submit(add, symbol, 1)).rejects.toThrow(/could not be cloned/)
    await expect(pool.submit(giveFunction)).rejects.toThrow(/could not be cloned/)
    expect(await pool.submit(add, 1, 2)).toBe(3)
  })
})

describe('a thread that dies', () => {
  test('fails the call it ran, and is replaced', async () => {
    const error = await pool.submit(exit, 3).then(null, error => error)
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error.message).toBe('thread test-1 ended with exit code 3 while it ran exit')
    expect(await pool.submit(whoRuns)).toBe('test-2')
  })

  test('gives the uncaught error as the cause', async () => {
    const error = await pool.submit(throwUncaught).then(null, error => error)
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error.cause).toBeInstanceOf(RangeError)
    expect(error.cause.message).toBe('nobody catches this')
  })

  test('fails the call that used up its memory, and not its neighbours', async () => {
    await using small = new ThreadPool({ max: 2, resourceLimits: { maxOldGenerationSizeMb: 32 } })
    const crashing = small.submit(useUp).then(null, error => error)
    const others = Array.from({ length: 10 }, (_, i) => small.submit(add, i, 1))
    expect(await Promise.all(others)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await crashing).toMatchObject({ name: 'WorkerCrashedError', cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } })
  })
})

describe('cancel', () => {
  test('drops a call that waits, and leaves one that runs', async () => {
    const gate = new Gate()
    const running = [pool.submit(waitAtGate, gate.cells), pool.submit(waitAtGate, gate.cells)]
    const waiting = pool.submit(waitAtGate, gate.cells)
    await gate.arrived(2)
    expect(running[0]?.cancel()).toBe(false)
    expect(waiting.cancel('not needed')).toBe(true)
    expect(waiting.cancelled()).toBe(true)
    expect(await waiting.then(null, error => error)).toMatchObject({ name: 'CancelledError', cause: 'not needed' })
    gate.open()
    await Promise.all(running)
    expect(Atomics.load(gate.cells, 0)).toBe(2)
  })
})

describe('shutdown', () => {
  test('runs what was submitted, ends the threads, and takes nothing more', async () => {
    const futures = Array.from({ length: 5 }, (_, i) => pool.submit(add, i, i))
    await pool.shutdown()
    expect(await Promise.all(futures)).toEqual([0, 2, 4, 6, 8])
    expect(pool.stats().threads).toEqual([])
    expect(() => pool.submit(add, 1, 2)).toThrow(PoolShutDownError)
  })

  test('with cancelPending drops what waits', async () => {
    const gate = new Gate()
    const futures = Array.from({ length: 4 }, () => pool.submit(waitAtGate, gate.cells))
    await gate.arrived(2)
    const down = pool.shutdown({ cancelPending: true })
    expect(futures.map(future => future.cancelled())).toEqual([false, false, true, true])
    await expect(futures[2]).rejects.toThrow(CancelledError)
    await expect(futures[3]).rejects.toThrow(CancelledError)
    gate.open()
    await down
  })
})

test.each([[0], [-1], [1.5], [Number.NaN], ['2']])('a pool of %s threads is refused', max => {
  expect(() => new ThreadPool({ max: max as number })).toThrow(RangeError)
})
