import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import {
  BrokenPoolError,
  CancelledError,
  NotPortableError,
  PoolFullError,
  PoolShutDownError,
  ThreadPool,
  WorkerCrashedError,
} from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  add,
  count,
  echo,
  echoValue,
  exit,
  exitAtOnce,
  failToPrepare,
  giveFunction,
  howOftenPrepared,
  meet,
  nap,
  prepare,
  prepareSlowly,
  snapshot,
  sum,
  throwLater,
  throwUncaught,
  Unshareable,
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

  test('takes arguments as they are when the call is made, also of calls that wait', async () => {
    await using single = new ThreadPool({ max: 1 })
    const buffer = new Uint8Array(1)
    const futures = [0, 1, 2, 3].map(value => {
      buffer[0] = value
      return single.submit(snapshot, buffer)
    })
    expect(await Promise.all(futures)).toEqual([0, 1, 2, 3])
    const gate = new Gate()
    const running = single.submit(waitAtGate, gate.cells)
    const moved = new Uint8Array([7])
    const waiting = single.with({ transfer: [moved.buffer] }).submit(snapshot, moved)
    expect(moved.byteLength).toBe(0)
    await expect(single.submit(add, Symbol() as never, 1)).rejects.toThrow(/could not be cloned/)
    gate.open()
    await running
    expect(await waiting).toBe(7)
  })

  test('transfers ports, of calls that wait too', async () => {
    await using single = new ThreadPool({ max: 1 })
    const channels = [new MessageChannel(), new MessageChannel()]
    const received = channels.map(({ port1 }) => once(port1, 'message'))
    for (const [i, { port2 }] of channels.entries()) single.submit(echo, port2, `echo ${i}`)
    expect(await Promise.all(received)).toEqual([['echo 0'], ['echo 1']])
  })

  test('keeps the process alive for a call that waits for an idle thread to have a place', () => {
    const script = fileURLToPath(new URL('fixtures/after-another.ts', import.meta.url))
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('all have run\n')
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

describe('concurrency', () => {
  test('lets a thread run several calls at a time, once there are as many threads as there may be', async () => {
    await using many = new ThreadPool({ max: 2, concurrency: 3, name: 'many' })
    const cells = new Int32Array(new SharedArrayBuffer(8))
    const futures = Array.from({ length: 7 }, () => many.submit(meet, cells, 6))
    const names = await Promise.all(futures.slice(0, 6))
    expect(names.filter(name => name === 'many-1')).toHaveLength(3)
    expect(await futures[6]).toMatch(/^many-[12]$/)
  })

  test('fails all that a thread ran when it dies', async () => {
    await using many = new ThreadPool({ max: 1, concurrency: 2 })
    const futures = [many.submit(throwUncaught), many.submit(throwUncaught)]
    const errors = await Promise.all(futures.map(future => future.then(null, error => error)))
    expect(errors).toEqual([expect.any(WorkerCrashedError), expect.any(WorkerCrashedError)])
  })
})

describe('a pool', () => {
  test.each([[0], [-1], [1.5], [Number.NaN], ['2']])('of %s threads, or calls at a time, is refused', count => {
    expect(() => new ThreadPool({ max: count as number })).toThrow(RangeError)
    expect(() => new ThreadPool({ concurrency: count as number })).toThrow(RangeError)
    expect(() => new ThreadPool({ maxQueue: count as number })).toThrow(RangeError)
    expect(() => new ThreadPool({ concurrency: 2 ** 40 })).toThrow(RangeError)
    if (count !== 0) expect(() => new ThreadPool({ min: count as number })).toThrow(RangeError)
  })

  test.each([[Number.NaN], [-1]])('refuses %s milliseconds', milliseconds => {
    expect(() => new ThreadPool({ grace: milliseconds })).toThrow(RangeError)
    expect(() => new ThreadPool({ idleTimeout: milliseconds })).toThrow(RangeError)
    expect(() => pool.with({ grace: milliseconds })).toThrow(RangeError)
    expect(() => pool.with({ timeout: milliseconds })).toThrow(RangeError)
    expect(() => pool.with({ signal: milliseconds as never })).toThrow(TypeError)
  })
})

describe('min and idleTimeout', () => {
  test('let threads end that have been idle for long, and keep the first ones', async () => {
    await using brief = new ThreadPool({ max: 3, min: 1, idleTimeout: 20, name: 'brief' })
    const cells = new Int32Array(new SharedArrayBuffer(8))
    await Promise.all([1, 2, 3].map(() => brief.submit(meet, cells, 3)))
    await vi.waitFor(() => expect(brief.stats().threads.map(({ name }) => name)).toEqual(['brief-1']), 5000)
    expect(await brief.submit(whoRuns)).toBe('brief-1')
  })
})

test('a pool of any size takes no more memory than it needs', async () => {
  await using huge = new ThreadPool({ max: Number.MAX_SAFE_INTEGER, concurrency: 2 ** 16 })
  expect(await huge.submit(add, 1, 2)).toBe(3)
})

describe('idleTimeout', () => {
  test('does not end threads that are starting, or run their initializer', async () => {
    await using hasty = new ThreadPool({ max: 1, idleTimeout: 1, initializer: prepareSlowly })
    expect(await hasty.submit(add, 1, 2)).toBe(3)
  })
})

describe('code of the user that runs while a call is sent', () => {
  test('does not have the call run twice when it calls the pool', async () => {
    const ran = new Int32Array(new SharedArrayBuffer(4))
    let inner: PromiseLike<number> | undefined
    const argument = {
      get calls() {
        inner ??= pool.submit(add, 1, 2)
        return new Map()
      },
    }
    await pool.submit(count, ran, argument)
    expect(await inner).toBe(3)
    expect(Atomics.load(ran, 0)).toBe(1)
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 })
  })

  test('fails the call when it throws, and takes nothing from the next one', async () => {
    await using single = new ThreadPool({ max: 1 })
    expect(await single.submit(add, 1, 2)).toBe(3)
    await expect(single.submit(echoValue, new Unshareable())).rejects.toThrow('closed')
    expect(await single.submit(add, 1, 2)).toBe(3)
  })
})

describe('a thread whose call waits for something', () => {
  test('keeps no other call from the next thread', async () => {
    await Promise.all([pool.submit(nap, 1), pool.submit(nap, 1)])
    for (let i = 0; i < 60; i++) await pool.submit(nap, 1)
    const endless = pool.submit(nap, 2 ** 31 - 1)
    await vi.waitFor(() => expect(endless.running()).toBe(true))
    expect(await pool.submit(nap, 1)).toBe(1)
    endless.cancel()
    await expect(endless).rejects.toThrow(CancelledError)
  })
})

describe('maxQueue', () => {
  test('refuses a call when as many wait, until there is room again', async () => {
    await using small = new ThreadPool({ max: 1, maxQueue: 1 })
    const gate = new Gate()
    const running = small.submit(waitAtGate, gate.cells)
    await small.whenRoom()
    const waiting = small.submit(add, 1, 2)
    expect(() => small.submit(add, 1, 2)).toThrow(PoolFullError)
    const controller = new AbortController()
    const aborted = small.whenRoom({ signal: controller.signal })
    controller.abort(new RangeError('no more'))
    await expect(aborted).rejects.toThrow(RangeError)
    const room = small.whenRoom()
    gate.open()
    await room
    expect(await small.submit(add, 1, 2)).toBe(3)
    await Promise.all([running, waiting])
    const held = new Gate()
    const [first, second] = [small.submit(waitAtGate, held.cells), small.submit(add, 1, 2)]
    second.cancel()
    await small.whenRoom()
    held.open()
    await first
  })
})

describe('whenRoom', () => {
  test('lets producers in one at a time', async () => {
    await using small = new ThreadPool({ max: 1, maxQueue: 1 })
    const sums = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        await small.whenRoom()
        return await small.submit(add, i, 1)
      }),
    )
    expect(sums).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
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

describe('stats', () => {
  test('tell how long calls take', async () => {
    expect(pool.stats().latency).toBeUndefined()
    await Promise.all([pool.submit(add, 1, 2), pool.submit(add, 1, 2)])
    const { p50 = 0, p99 = 0, max = 0 } = pool.stats().latency ?? {}
    expect(p50).toBeGreaterThan(0)
    expect(p99).toBeGreaterThanOrEqual(p50)
    expect(max).toBeGreaterThanOrEqual(p99)
  })
})

describe('transfer', () => {
  test('moves a buffer to the thread instead of cloning it', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    expect(await pool.with({ transfer: [bytes.buffer] }).submit(sum, bytes)).toBe(6)
    expect(bytes.byteLength).toBe(0)
  })
})
