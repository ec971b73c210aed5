import { DeadlockError, LoopThread, runCoroutineThreadsafe } from '@fosen/event-loop'
import { ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { describe, expect, vi } from 'vitest'
import { append, count, waitForEver, whereAmI } from './fixtures/coroutines.ts'
import { counted } from './fixtures/counted.ts'
import * as users from './fixtures/loop-users.ts'
import { test } from './with-loop-thread.ts'

/** For what a thread does when it gets to it, in milliseconds. */
const deadline = 20_000

describe('a LoopThread in another thread', () => {
  test('refuses coroutines at once when it was stopped anywhere', async ({ thread, pool }) => {
    await pool.submit(users.block, thread, 'first')
    thread.stop()
    expect(await pool.submit(users.submitLate, thread)).toEqual(['RuntimeError', expect.any(String)])
    await thread.join()
    expect(await pool.submit(users.submitLate, thread)).toEqual(['RuntimeError', 'false'])
    const unstarted = new LoopThread()
    unstarted.stop()
    expect(await pool.submit(users.submitLate, unstarted)).toEqual(['RuntimeError', 'false'])
    expect(await pool.submit(users.stopAndJoin, unstarted)).toEqual([false, 0])
  })

  test.for([
    ['exits', users.exit, ['WorkerCrashedError', 'WorkerCrashedError']],
    ['dies of an error', users.throwUncaught, ['WorkerCrashedError', 'RangeError']],
    ['dies without a word', users.dieSilently, ['WorkerCrashedError']],
  ] as const)(
    'fails in each thread that waits or blocks, and its joins, when the thread %s',
    async ([, die, names], { thread, pool, cells }) => {
      const blocked = pool.submit(users.blockForEver, thread, cells)
      const waiting = pool.submit(users.wait, thread, cells)
      const future = runCoroutineThreadsafe(waitForEver(cells), thread)
      await counted(cells, 0, 3)
      thread.callSoonThreadsafe(die)
      await expect(future).rejects.toThrow(WorkerCrashedError)
      await expect(thread.join()).rejects.toThrow('the loop of thread test has crashed')
      expect(await blocked).toEqual(names)
      expect(await waiting).toEqual([...names, ...names])
      expect(await pool.submit(users.submitLate, thread)).toEqual(['RuntimeError', 'WorkerCrashedError', 'false'])
    },
  )

  test('gives what the coroutine throws to whoever blocks on it', async ({ thread, pool }) => {
    await expect(pool.submit(users.blockOnFailure, thread)).rejects.toThrow(RangeError)
  })

  test('has its coroutines cancelled when it is stopped by the thread that made it', async ({
    thread,
    pool,
    cells,
  }) => {
    const waiting = pool.submit(users.wait, thread, cells)
    await counted(cells, 0, 1)
    await thread.close()
    expect(await waiting).toEqual(['CancelledError', 'the loop was stopped', 'undefined'])
    expect(Atomics.load(cells, 1)).toBe(1)
  })

  test('can be stopped and joined there', async ({ thread, pool, cells }) => {
    const future = runCoroutineThreadsafe(waitForEver(cells), thread)
    await counted(cells, 0, 1)
    expect(await pool.submit(users.stopAndJoin, thread)).toEqual([false, 0])
    await expect(future).rejects.toMatchObject({ name: 'CancelledError' })
    await thread.join()
    expect(() => runCoroutineThreadsafe(whereAmI('late'), thread)).toThrow('was stopped')
  })

  test('cancels the task when the future is cancelled there', async ({ thread, pool, cells }) => {
    expect(await pool.submit(users.cancel, thread, cells)).toEqual([true, 'CancelledError, no more'])
    await counted(cells, 1, 1)
  })

  test('lets what a thread has sent go on when that thread ends, and forgets the thread', async ({ thread, cells }) => {
    const before = await runCoroutineThreadsafe(users.portsHere(), thread)
    const short = new ThreadPool({ max: 1 })
    await short.submit(users.leave, thread, cells)
    await counted(cells, 0, 2)
    await short.shutdown()
    await vi.waitFor(async () => {
      expect(await runCoroutineThreadsafe(users.portsHere(), thread)).toBe(before)
    }, deadline)
    Atomics.store(cells, 1, 1)
    await counted(cells, 0, 3)
  })

  test('works while the thread that made it is blocked', ({ thread, pool }) => {
    expect(pool.submit(users.block, thread, 'direct').result(20_000)).toBe('direct in test-1')
    expect(pool.submit(users.passOn, thread, 'on').result(20_000)).toBe('on in test-1')
  })

  test('answers several threads that block at the same time', ({ thread, pool }) => {
    const futures = [1, 2].map(i => pool.submit(users.block, thread, `pool ${i}`))
    const own = runCoroutineThreadsafe(whereAmI('main'), thread).result(20_000)
    expect([own, ...futures.map(future => future.result(20_000))]).toEqual([
      'main in test-1',
      'pool 1 in test-1',
      'pool 2 in test-1',
    ])
  })

  test('is sent what a thread sends that never comes back to its event loop', ({ thread, pool, cells }) => {
    pool.submit(users.sendAndSpin, thread, cells).result(20_000)
  })

  test('passes also as a part of an argument', async ({ thread, pool }) => {
    const parts = { list: [thread], map: new Map([['loop', thread]]), self: undefined as unknown }
    parts.self = parts
    expect(await pool.submit(users.blockOnParts, parts)).toBe('part in test-1')
    await using other = new LoopThread({ name: 'other' })
    expect(await runCoroutineThreadsafe(users.waitOnParts(parts), other)).toBe('part in test-1')
    await expect(pool.submit(users.giveBack, thread)).rejects.toThrow('not its result')
  })

  test('is one object, however often it arrives', async ({ thread, pool }) => {
    expect(await pool.submit(users.areOne, thread, thread)).toBe(true)
    const calls = Array.from({ length: 20 }, () => pool.submit(users.block, thread, 'again'))
    await Promise.all(calls)
    // The thread that made it, two of the pool, and the pool's that runs the loop.
    await vi.waitFor(async () => {
      expect(await runCoroutineThreadsafe(users.portsHere(), thread)).toBeLessThanOrEqual(4)
    }, deadline)
  })

  test('tells its name and whether it lives and is busy', async ({ pool }) => {
    await using daemon = new LoopThread({ name: 'daemon', daemon: true })
    const seen = await pool.submit(users.describeLoop, daemon)
    expect(seen).toEqual({ name: 'daemon', daemon: true, isAlive: true, busy: expect.any(Number) })
    expect(seen.busy).toBeGreaterThanOrEqual(0)
    expect(seen.busy).toBeLessThanOrEqual(1)
  })

  test('may be the argument of a coroutine, in its own loop and in another', async ({ thread }) => {
    const order = new Int32Array(new SharedArrayBuffer(16))
    await using other = new LoopThread({ name: 'other' })
    expect(await runCoroutineThreadsafe(users.sendFromLoop(thread, order, false), thread)).toBe('there in test-1')
    expect(await runCoroutineThreadsafe(users.sendFromLoop(thread, order, true), other)).toBe('there in test-1')
    expect([...order]).toEqual([2, 1, 1, 0])
  })

  test('refuses to block its own thread', async ({ thread }) => {
    const order = new Int32Array(new SharedArrayBuffer(16))
    await expect(runCoroutineThreadsafe(users.sendFromLoop(thread, order, true), thread)).rejects.toThrow(DeadlockError)
  })

  test('cannot be cloned, which would make something that does nothing', ({ thread }) => {
    expect(() => structuredClone(thread)).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  })
})

describe('a callback of a LoopThread', () => {
  test('is not called when it is cancelled while the loop is busy with another', async ({ thread, cells }) => {
    const order = new Int32Array(new SharedArrayBuffer(16))
    await runCoroutineThreadsafe(whereAmI('started'), thread)
    thread.callSoonThreadsafe(users.holdUp, cells)
    const handle = thread.callSoonThreadsafe(append, order, 1)
    thread.callSoonThreadsafe(append, order, 2)
    await counted(cells, 0, 1)
    handle.cancel()
    count(cells, 1)
    await thread.close()
    expect([...order]).toEqual([1, 2, 0, 0])
  })
})
