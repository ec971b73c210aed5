import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { CancelledError, NotPortableError, ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  add,
  count,
  echo,
  echoValue,
  giveFunction,
  meet,
  nap,
  snapshot,
  sum,
  throwUncaught,
  Unshareable,
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

  test('of any size takes no more memory than it needs', async () => {
    await using huge = new ThreadPool({ max: Number.MAX_SAFE_INTEGER, concurrency: 2 ** 16 })
    expect(await huge.submit(add, 1, 2)).toBe(3)
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
    await vi.waitFor(() => expect(endless.running()).toBe(true), 10_000)
    expect(await pool.submit(nap, 1)).toBe(1)
    endless.cancel()
    await expect(endless).rejects.toThrow(CancelledError)
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
