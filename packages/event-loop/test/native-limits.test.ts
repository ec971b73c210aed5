import { AsyncLocalStorage } from 'node:async_hooks'
import { coroutine } from '@fosen/coroutine'
import { CancelledError, EventLoop, sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

// What the README says of async functions, where they cannot do what coroutines do.
let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => {
  vi.restoreAllMocks()
  loop.close()
})

describe('a cancellation of an async function', () => {
  test('is lost when it reaches what Promise.race has left behind, and nothing else', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const task = loop.createTask(async () => {
      await Promise.race([sleep(60_000), sleep(0)])
      return await promise
    })
    loop.callLater(5, () => {
      task.cancel()
      resolve('went on')
    })
    expect([await loop.runUntilComplete(task), task.cancelled()]).toEqual(['went on', false])
  })

  test('that an older wait takes leaves what cleans up alone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const log: string[] = []
    const helper = async () => {
      await sleep(0)
      await promise
    }
    const task = loop.createTask(async () => {
      try {
        await Promise.all([sleep(60_000), helper()])
      } finally {
        await promise
        await sleep(0)
        log.push('cleaned up')
      }
    })
    loop.callLater(5, () => {
      task.cancel()
      resolve()
    })
    await expect(loop.runUntilComplete(task)).rejects.toThrow(CancelledError)
    expect(log).toEqual(['cleaned up'])
  })

  test('is swallowed by Promise.allSettled', async () => {
    const task = loop.createTask(async () => await Promise.allSettled([sleep(60_000), sleep(60_000)]))
    loop.callLater(1, () => task.cancel())
    const outcomes = await loop.runUntilComplete(task)
    expect([outcomes.map(({ status }) => status), task.cancelled()]).toEqual([['rejected', 'rejected'], false])
  })
})

test('what enterWith sets in a coroutine is gone after its next wait', async () => {
  const storage = new AsyncLocalStorage<string>()
  const work = coroutine(function* () {
    storage.enterWith('entered')
    const before = storage.getStore()
    yield* sleep(1)
    return [before, storage.getStore()]
  })
  expect(await loop.runUntilComplete(work())).toEqual(['entered', undefined])
})

test('an async function that takes long is told of in debug mode up to its first await, and not after it', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const virtual = new VirtualEventLoop()
  virtual.setDebug(true)
  await virtual.runUntilComplete(async () => {
    await sleep(0)
    now += 1000
  })
  expect(warn).not.toHaveBeenCalled()
  await virtual.runUntilComplete(async () => {
    now += 1000
    await sleep(0)
  })
  expect(warn).toHaveBeenCalledOnce()
  virtual.close()
})
