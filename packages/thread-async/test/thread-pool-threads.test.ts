import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  BrokenPoolError,
  CancelledError,
  NotPortableError,
  PoolShutDownError,
  ThreadPool,
  WorkerCrashedError,
} from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  add,
  exit,
  exitAtOnce,
  failToPrepare,
  howOftenPrepared,
  meet,
  prepare,
  prepareSlowly,
  throwLater,
  throwUncaught,
  useUp,
  waitAtGate,
  whoRuns,
} from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

let pool: ThreadPool
beforeEach(() => {
  pool = new ThreadPool({ max: 2, name: 'test' })
})
afterEach(() => pool.shutdown())

describe('a thread that dies', () => {
  test('fails the call it ran, and is replaced', async () => {
    const error = await pool.submit(exit, 3).then(null, error => error)
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error.message).toBe('thread test-1 ended with exit code 3 while it ran exit')
    expect(await pool.submit(whoRuns)).toBe('test-2')
  })

  test('between two calls is a warning, and is replaced', async () => {
    const warned = once(process, 'warning')
    await pool.submit(throwLater)
    const [warning] = await warned
    expect(warning.message).toContain('between two calls: RangeError: between two calls')
    expect(await pool.submit(add, 1, 2)).toBe(3)
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

describe('shutdown', () => {
  test('of a daemon pool keeps the process alive until it is over', () => {
    const script = fileURLToPath(new URL('fixtures/daemon-shutdown.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('over\n')
  })

  test('runs what was submitted, ends the threads, and takes nothing more', async () => {
    const futures = Array.from({ length: 5 }, (_, i) => pool.submit(add, i, i))
    await pool.shutdown()
    expect(await Promise.all(futures)).toEqual([0, 2, 4, 6, 8])
    expect(pool.stats().threads).toEqual([])
    expect(() => pool.submit(add, 1, 2)).toThrow(PoolShutDownError)
  })

  test('of many threads warns of nothing', async () => {
    const many = new ThreadPool({ max: 14 })
    const cells = new Int32Array(new SharedArrayBuffer(8))
    await Promise.all(Array.from({ length: 14 }, () => many.submit(meet, cells, 14)))
    await many.shutdown()
    expect(many.stats().threads).toEqual([])
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

describe('idleTimeout', () => {
  test('lets threads end that have been idle for long, but for the first ones, of which min says how many', async () => {
    await using brief = new ThreadPool({ max: 3, min: 1, idleTimeout: 20, name: 'brief' })
    const cells = new Int32Array(new SharedArrayBuffer(8))
    await Promise.all([1, 2, 3].map(() => brief.submit(meet, cells, 3)))
    await vi.waitFor(() => expect(brief.stats().threads.map(({ name }) => name)).toEqual(['brief-1']), 5000)
    expect(await brief.submit(whoRuns)).toBe('brief-1')
  })

  test('does not end threads that are starting, or run their initializer', async () => {
    await using hasty = new ThreadPool({ max: 1, idleTimeout: 1, initializer: prepareSlowly })
    expect(await hasty.submit(add, 1, 2)).toBe(3)
  })
})

describe('an initializer', () => {
  test('runs in each thread before its first call', async () => {
    await using ready = new ThreadPool({ max: 1, initializer: prepare })
    expect(await ready.submit(howOftenPrepared)).toBe(1)
    expect(await ready.submit(howOftenPrepared)).toBe(1)
  })

  test('that ends its thread breaks the pool', async () => {
    await using broken = new ThreadPool({ max: 1, initializer: exitAtOnce })
    const error = await broken.submit(add, 1, 2).then(null, error => error)
    expect(error).toBeInstanceOf(BrokenPoolError)
    expect(error.cause).toBeInstanceOf(WorkerCrashedError)
  })

  test('that fails breaks the pool and all its calls', async () => {
    await using broken = new ThreadPool({ max: 1, initializer: failToPrepare })
    const futures = [broken.submit(add, 1, 2), broken.submit(add, 1, 2)]
    for (const future of futures) {
      await expect(future).rejects.toMatchObject({ name: 'BrokenPoolError', cause: new RangeError('not prepared') })
    }
    expect(() => broken.submit(add, 1, 2)).toThrow(BrokenPoolError)
  })

  test('must be portable', () => {
    expect(() => new ThreadPool({ initializer: () => {} })).toThrow(NotPortableError)
  })
})
