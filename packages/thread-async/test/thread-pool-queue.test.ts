import { PoolFullError, ThreadPool } from '@fosen/thread-async'
import { describe, expect, test } from 'vitest'
import { add, waitAtGate } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

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
