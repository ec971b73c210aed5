import { DequeClosedError, SharedDeque } from '@fosen/queue-deque'
import { ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as users from './fixtures/deque-users.ts'

let pool: ThreadPool
let cells: Int32Array<SharedArrayBuffer>
beforeEach(() => {
  pool = new ThreadPool({ max: 4, grace: 0 })
  cells = new Int32Array(new SharedArrayBuffer(4))
})
afterEach(() => pool.shutdown({ cancelPending: true }))

/** So many threads are about to wait. */
async function arrived(count: number) {
  for (let seen = Atomics.load(cells, 0); seen < count; seen = Atomics.load(cells, 0)) {
    await Atomics.waitAsync(cells, 0, seen).value
  }
}

function full(): SharedDeque<unknown> {
  const deque = new SharedDeque<unknown>({ capacity: 64 })
  deque.pushMany([1, 2, 3, 4])
  return deque
}

describe('a deque that has died with its lock', () => {
  test('is used by others, also by the thread that started the dead one and is blocked', async () => {
    const deque = new SharedDeque<number>()
    const crashed = expect(pool.submit(users.exitWithLock, deque, cells)).rejects.toThrow(WorkerCrashedError)
    await arrived(1)
    expect(deque.append(1)).toBe(true)
    expect(await pool.submit(users.popWaitSync, deque, cells)).toBe(1)
    await crashed
  })
})

describe('threads that wait for an item', () => {
  test.each([['blocked', users.popWaitSync] as const, ['not blocked', users.popWait] as const])(
    '%s get one each, or the error when it is closed',
    async (_, pop) => {
      const deque = new SharedDeque<unknown>()
      const popped = [1, 2, 3].map(() => pool.submit(pop, deque, cells))
      await arrived(3)
      deque.append('a')
      deque.append('b')
      await Promise.any(popped)
      deque.close()
      const ends = await Promise.allSettled(popped)
      const values = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value] : []))
      const errors = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
      expect(values.toSorted()).toEqual(['a', 'b'])
      expect(errors).toEqual([expect.any(DequeClosedError)])
    },
  )

  test.each([['blocked', users.popWaitSync] as const, ['not blocked', users.popWait] as const])(
    'leave it to another one when they have died, %s or not',
    async (_, pop) => {
      const deque = new SharedDeque<unknown>()
      const doomed = new ThreadPool({ max: 2, grace: 0 })
      const cancelled = [1, 2].map(() => doomed.submit(pop, deque, cells))
      await arrived(2)
      const living = pool.submit(users.popWaitSync, deque, cells)
      await arrived(3)
      for (const future of cancelled) future.cancel()
      await doomed.shutdown()
      deque.append('a')
      expect(await living).toBe('a')
      expect(deque.length).toBe(0)
    },
  )

  test('get an item from this thread, which then blocks on its answer', async () => {
    const [there, back] = [new SharedDeque<number>(), new SharedDeque<number>()]
    const echoed = pool.submit(users.echo, there, back)
    for (let i = 0; i < 1000; i++) {
      there.append(i)
      expect(back.popLeftWaitSync()).toBe(i)
    }
    there.close()
    await echoed
  })
})

describe('threads that wait for room', () => {
  test.each([['blocked', users.appendWaitSync] as const, ['not blocked', users.appendWait] as const])(
    '%s append once there is some, or fail when it is closed',
    async (_, append) => {
      const deque = full()
      const appended = [5, 6, 7].map(value => pool.submit(append, deque, cells, value))
      await arrived(3)
      expect(deque.popLeftMany(2)).toEqual([1, 2])
      await Promise.any(appended)
      deque.close()
      const ends = await Promise.allSettled(appended)
      const added = [5, 6, 7].filter((_, i) => ends[i]?.status === 'fulfilled')
      expect(added.length).toBeGreaterThan(0)
      expect(ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))).toEqual(
        Array(3 - added.length).fill(expect.any(DequeClosedError)),
      )
      expect((deque.popLeftMany(9) as number[]).toSorted()).toEqual([3, 4, ...added])
    },
  )
})

describe('a thread that is blocked on a deque', () => {
  test('hears of its calls meanwhile, and what their callbacks append', async () => {
    const deque = new SharedDeque<string>()
    const gate = new SharedDeque<unknown>()
    const call = pool.submit(users.popWaitSync, gate, cells)
    call.addDoneCallback(() => deque.append('from the callback'))
    await arrived(1)
    gate.append(1)
    expect(deque.popWaitSync(10_000)).toBe('from the callback')
  })
})

test('items of many producers reach many consumers, each of them once, and in order from each producer', async () => {
  const deque = new SharedDeque<number>({ capacity: 512 })
  const consumed = [1, 2].map(() => pool.submit(users.consume, deque))
  await Promise.all([0, 1].map(i => pool.submit(users.produce, deque, i * 5000, 5000)))
  deque.close()
  const items = await Promise.all(consumed)
  expect(items.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
  for (const its of items) {
    for (const producer of [0, 1]) {
      const own = its.filter(item => Math.floor(item / 5000) === producer)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
  }
})
