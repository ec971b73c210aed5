import { Mutex } from '@fosen/shared-memory'
import { ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeAndExit, takeAndHang, takeInAnother, takeOver } from './fixtures/mutexes.ts'

let pool: ThreadPool
let mutex: Mutex
let cells: Int32Array<SharedArrayBuffer>
beforeEach(() => {
  pool = new ThreadPool({ max: 2, grace: 0 })
  mutex = new Mutex()
  cells = new Int32Array(new SharedArrayBuffer(8))
})
afterEach(() => pool.shutdown())

const isTaken = async () => Atomics.waitAsync(cells, 0, 0).value

describe('a thread that ends with a mutex', () => {
  test('leaves it to a thread that blocks on it', async () => {
    const owner = pool.submit(takeAndHang, mutex, cells)
    await isTaken()
    const next = pool.submit(takeOver, mutex)
    owner.cancel()
    expect(await next).toBe(true)
    expect(await pool.submit(takeOver, mutex)).toBe(false)
  })

  test('leaves it to the thread that started it, whose timers and events stand still', async () => {
    const owner = pool.with({ grace: 50 }).submit(takeAndHang, mutex, cells)
    await isTaken()
    owner.cancel()
    expect(mutex.acquireSync(10_000).ownerDied).toBe(true)
  })

  test('leaves it when it exits by itself', async () => {
    await expect(pool.submit(takeAndExit, mutex)).rejects.toThrow(WorkerCrashedError)
    expect(mutex.tryAcquire()?.ownerDied).toBe(true)
  })

  test('leaves it when it goes with the thread that started it', async () => {
    const outer = pool.submit(takeInAnother, mutex, cells)
    await isTaken()
    const next = mutex.acquire({ timeout: 10_000 })
    outer.cancel()
    using held = await next
    expect(held.ownerDied).toBe(true)
  })
})
