import { getEventListeners } from 'node:events'
import {
  addThread,
  type Inbox,
  Mutex,
  markDead,
  setThreadTable,
  TimeoutError,
  threadParker,
  threadTable,
} from '@fosen/shared-memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const table = threadTable()
beforeEach(() => setThreadTable(new SharedArrayBuffer(4096)))
afterEach(() => setThreadTable(table))

/** A mutex that the thread 7 holds. */
function heldBySeven(): Mutex {
  const mutex = new Mutex()
  new Mutex(mutex.buffer, { thread: 7 }).acquireSync()
  return mutex
}

describe('a Mutex whose owner is dead', () => {
  test('stays with an owner of which nothing is known', async () => {
    const mutex = heldBySeven()
    expect(mutex.tryAcquire()).toBeUndefined()
    expect(() => mutex.acquireSync(60)).toThrow(TimeoutError)
    await expect(mutex.acquire({ timeout: 60 })).rejects.toThrow(TimeoutError)
    expect(mutex.locked()).toBe(true)
  })

  const ways = [
    ['tryAcquire', (mutex: Mutex) => mutex.tryAcquire()],
    ['acquireSync', (mutex: Mutex) => mutex.acquireSync(0)],
    ['acquire', (mutex: Mutex) => mutex.acquire({ timeout: 0 })],
  ] as const

  test.each(ways)('is taken over by %s, which says so once', async (_, acquire) => {
    const mutex = heldBySeven()
    markDead(7)
    expect(mutex.locked()).toBe(false)
    const guard = await acquire(mutex)
    expect(guard?.ownerDied).toBe(true)
    expect(mutex.locked()).toBe(true)
    expect(mutex.tryAcquire()).toBeUndefined()
    guard?.[Symbol.dispose]()
    expect((await acquire(mutex))?.ownerDied).toBe(false)
  })

  test('is taken over when one of those died that started its owner', () => {
    const mutex = heldBySeven()
    addThread(5, 0)
    addThread(7, 5)
    markDead(5)
    expect(mutex.acquireSync(0).ownerDied).toBe(true)
  })

  test('is taken over by one of those who wait', async () => {
    const mutex = heldBySeven()
    const { signal } = new AbortController()
    const guards = [mutex.acquire({ signal }), mutex.acquire({ timeout: 5_000 })]
    markDead(7)
    const first = await Promise.race(guards)
    expect(first.ownerDied).toBe(true)
    first[Symbol.dispose]()
    expect((await Promise.all(guards)).map(({ ownerDied }) => ownerDied).sort()).toEqual([false, true])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('is taken over by a thread that is blocked, and is the only one that can see the death', () => {
    const mutex = heldBySeven()
    const taken: string[] = []
    // As that of a thread which this one has started.
    const inbox: Inbox = {
      drain: () => taken.push('message') < 3,
      check() {
        taken.push('end')
        markDead(7)
      },
    }
    threadParker().add(inbox)
    try {
      expect(mutex.acquireSync(5_000).ownerDied).toBe(true)
    } finally {
      threadParker().remove(inbox)
    }
    // It has looked once, after one slice of its wait.
    expect(taken).toEqual(['message', 'message', 'message', 'end'])
  })
})
