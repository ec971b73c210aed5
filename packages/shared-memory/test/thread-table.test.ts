import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { addThread, isDead, markDead, setThreadTable, threadTable } from '@fosen/shared-memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const table = threadTable()
beforeEach(() => setThreadTable(new SharedArrayBuffer(4096, { maxByteLength: 2 ** 21 })))
afterEach(() => setThreadTable(table))

describe('the thread table', () => {
  test.each([[-1], [0.5], [Number.NaN], [Number.POSITIVE_INFINITY], ['1'], [undefined]])('has no thread %s', given => {
    const thread = given as number
    expect(() => addThread(thread, 0)).toThrow(RangeError)
    expect(() => addThread(1, thread)).toThrow(RangeError)
    expect(() => markDead(thread)).toThrow(RangeError)
    expect(isDead(thread)).toBe(false)
  })

  test('refuses a thread that would be its own ancestor', () => {
    expect(() => addThread(2, 2)).toThrow('cannot have been started by 2')
    expect(() => addThread(2, 3)).toThrow(RangeError)
  })

  test.each([[new ArrayBuffer(4)], [{}], [undefined]])('is not made of %s', given => {
    expect(() => setThreadTable(given as never)).toThrow(TypeError)
  })

  test('takes a thread for alive until it is marked, one that it does not know included', () => {
    addThread(1, 0)
    expect([0, 1, 2, 10 ** 9].map(isDead)).toEqual([false, false, false, false])
    markDead(1)
    markDead(2)
    expect([0, 1, 2, 3].map(isDead)).toEqual([false, true, true, false])
  })

  test('takes a thread for dead when one above it is', () => {
    addThread(1, 0)
    addThread(2, 1)
    addThread(5, 2)
    addThread(6, 0)
    markDead(1)
    expect([1, 2, 5, 6].map(isDead)).toEqual([true, true, true, false])
  })

  test('does not bring a thread back that is entered again', () => {
    addThread(1, 0)
    markDead(1)
    addThread(1, 0)
    expect(isDead(1)).toBe(true)
  })

  test('grows for the threads of a long life, up to its end', () => {
    addThread(200_000, 70_000)
    markDead(70_000)
    expect(isDead(200_000)).toBe(true)
    markDead(300_000)
    expect(isDead(300_000)).toBe(false)
  })

  test('grows under several threads at a time', async () => {
    const workers = [0, 1, 2].map(
      index =>
        new Worker(new URL('fixtures/mark-dead.ts', import.meta.url), { workerData: { table: threadTable(), index } }),
    )
    await Promise.all(workers.map(worker => once(worker, 'exit')))
    const missed = Array.from({ length: 30_000 }, (_, i) => i + 1).filter(thread => !isDead(thread))
    expect(missed).toEqual([])
  })
})
