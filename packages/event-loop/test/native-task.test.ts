import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as nodeSleep } from 'node:timers/promises'
import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  currentTask,
  EventLoop,
  type ExceptionContext,
  fromPromise,
  getRunningLoop,
  isCancelled,
  Lock,
  sleep,
  type Task,
} from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new EventLoop()
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => loop.close())

const outcome = (task: Task<unknown>) => loop.runUntilComplete(task).catch((error: unknown) => error)
const turn = coroutine(function* () {
  yield* sleep(0)
  return currentTask()?.getName()
})

describe('an async function that is a task', () => {
  test('awaits what belongs to the loop, and what does not', async () => {
    const work = async () => {
      const values = [await 1, await Promise.resolve(2), await nodeSleep(1, 3), await sleep(1, 4)]
      for await (const value of [sleep(0, 5), Promise.resolve(6)]) values.push(value)
      return [...values, ...(await Promise.all([sleep(1, 7), loop.createTask(sleep(0, 8))]))]
    }
    expect(await loop.runUntilComplete(work)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('awaits a coroutine as a part of itself', async () => {
    const task = loop.createTask(async () => [await turn(), await turn()], { name: 'native' })
    expect(await loop.runUntilComplete(task)).toEqual(['native', 'native'])
  })

  test('awaits a coroutine once, as a task does', async () => {
    const slept = sleep(0, 'value')
    expect(await loop.runUntilComplete(async () => await slept)).toBe('value')
    await expect(loop.runUntilComplete(async () => await slept)).rejects.toThrow('cannot reuse already awaited')
    expect(() => loop.createTask(slept)).toThrow('cannot reuse already awaited')
    const other = sleep(0, 'value')
    const task = loop.createTask(other)
    await expect(loop.runUntilComplete(async () => await other)).rejects.toThrow('cannot reuse already awaited')
    expect(await loop.runUntilComplete(task)).toBe('value')
  })

  test('refuses a coroutine outside of any loop, and names what to do', async () => {
    await expect((async () => await turn())()).rejects.toThrow('use loop.createTask(coroutine)')
  })

  test('finds its loop, its task and its AsyncLocalStorage after each await', async () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const see = () => seen.push([getRunningLoop() === loop, currentTask()?.getName(), storage.getStore()])
    const work = async () => {
      const awaited = [turn(), nodeSleep(1), sleep(0), loop.createTask(turn()), Promise.all([turn(), sleep(1)])]
      for (const each of awaited) {
        see()
        await each
      }
      await new Lock().with(async () => {
        await sleep(0)
        see()
      })
      see()
    }
    await loop.runUntilComplete(storage.run('stored', () => loop.createTask(work, { name: 'native' })))
    expect(seen).toEqual(Array(7).fill([true, 'native', 'stored']))
    expect(() => getRunningLoop()).toThrow('no running event loop')
  })

  test('belongs to its own loop when two are open in a thread', async () => {
    const other = new EventLoop()
    const see = async () => {
      await sleep(1)
      const [here, running] = [currentTask(), getRunningLoop()]
      return [here?.loop === running, currentTask(running === loop ? other : loop), running]
    }
    const both = [loop.runUntilComplete(see), other.runUntilComplete(see)]
    expect(await Promise.all(both)).toEqual([
      [true, undefined, loop],
      [true, undefined, other],
    ])
    other.close()
  })

  test('runs the clean-up of many waits that are cancelled together', async () => {
    const task = loop.createTask(async () => {
      await Promise.all(Array.from({ length: 30_000 }, () => sleep(60_000)))
    })
    loop.callLater(0, () => task.cancel('all'))
    expect(await outcome(task)).toEqual(new CancelledError('all'))
  })
})

describe('what it starts', () => {
  const nameOf = async () => {
    await null
    try {
      return currentTask()?.getName()
    } catch (error) {
      return (error as Error).message
    }
  }

  test('in a task of its own, or a callback, is no part of it', async () => {
    const seen: unknown[] = []
    const child = coroutine(function* () {
      seen.push(yield* fromPromise(nameOf()))
    })
    const called = async () => {
      seen.push(await nameOf())
    }
    const parent = async () => {
      await sleep(0)
      loop.callSoon(called)
      await loop.createTask(child(), { name: 'child' })
    }
    await loop.runUntilComplete(loop.createTask(parent, { name: 'parent' }))
    expect(seen).toEqual(['no running event loop', 'no running event loop'])
  })

  test('in a task of its own is not cancelled with it', async () => {
    const future = loop.createFuture<string>()
    const child = coroutine(function* () {
      return yield* fromPromise((async () => await future)())
    })
    let made: Task<string> | undefined
    const parent = loop.createTask(async () => {
      await sleep(0)
      made = loop.createTask(child())
      await sleep(60_000)
    })
    loop.callLater(2, () => parent.cancel())
    expect(await outcome(parent)).toEqual(new CancelledError())
    future.setResult('alive')
    expect(await loop.runUntilComplete(made as Task<string>)).toBe('alive')
  })

  test('and does not await counts as part of it: a limit', async () => {
    const future = loop.createFuture()
    const helper = async () => await future
    let rejected: Promise<unknown> | undefined
    const task = loop.createTask(async () => {
      rejected = helper().catch(error => error)
      await sleep(60_000)
    })
    loop.callSoon(() => task.cancel('both'))
    expect(await outcome(task)).toEqual(new CancelledError('both'))
    expect([await rejected, future.cancelled()]).toEqual([new CancelledError('both'), true])
  })
})

describe('cancel', () => {
  test('does not interrupt a promise of Node: it is raised at the next wait of the loop, a limit', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const order: unknown[] = []
    const task = loop.createTask(async () => {
      order.push(await promise)
      try {
        await sleep(60_000)
      } finally {
        order.push('cleaned up')
      }
    })
    loop.callLater(1, () => {
      order.push(task.cancel('late'), task.done())
      loop.callLater(1, resolve, 'not interrupted')
    })
    expect(await outcome(task)).toEqual(new CancelledError('late'))
    expect(order).toEqual([true, false, 'not interrupted', 'cleaned up'])
  })

  test('in the batch in which it begins finds all that it awaits, and nothing that it awaits afterwards', async () => {
    const order: string[] = []
    const task = loop.createTask(async () => {
      const waits = [loop.createFuture(), sleep(60_000), loop.createFuture()]
      const ends = await Promise.allSettled(waits)
      order.push(...ends.map(end => (end.status === 'rejected' ? String(end.reason) : 'not cancelled')))
      await sleep(1)
      return 'cleaned up'
    })
    loop.callSoon(() => task.cancel('early'))
    expect(await outcome(task)).toBe('cleaned up')
    expect(order).toEqual(Array(3).fill('CancelledError: early'))
  })

  test('of one that only awaits promises of Node makes it cancelled at its end', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const task = loop.createTask(async () => await promise)
    loop.callLater(1, () => {
      task.cancel('at the end')
      resolve('value')
    })
    expect(await outcome(task)).toEqual(new CancelledError('at the end'))
    expect(task.cancelled()).toBe(true)
  })

  test('aborts task.signal, with the CancelledError: the way to interrupt what Node does', async () => {
    const waits = (signal: AbortSignal | undefined) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const task = loop.createTask(async () => await waits(currentTask()?.signal))
    loop.callLater(1, () => task.cancel('stop'))
    expect(await outcome(task)).toEqual(new CancelledError('stop'))
    expect(task.cancelled()).toBe(true)
    expect(isCancelled(task.signal.reason)).toBe(true)
  })

  test('cancels it by the AbortError that Node makes of it, and by no other AbortError', async () => {
    const waits = async () => await nodeSleep(60_000, undefined, { signal: currentTask()?.signal })
    const task = loop.createTask(waits)
    loop.callLater(1, () => task.cancel('stop'))
    expect(await outcome(task)).toEqual(new CancelledError('stop'))
    expect(task.cancelled()).toBe(true)
    const other = loop.createTask(async () => await nodeSleep(1, undefined, { signal: AbortSignal.abort() }))
    expect(await outcome(other)).toMatchObject({ name: 'AbortError' })
    expect(other.cancelled()).toBe(false)
  })

  test('that is taken back in a body that it could not interrupt is not raised there', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const task = loop.createTask(async () => {
      return await new Lock().with(async () => {
        await promise
        currentTask()?.uncancel()
        return await sleep(0, 'goes on')
      })
    })
    loop.callLater(1, () => {
      task.cancel()
      resolve()
    })
    expect(await loop.runUntilComplete(task)).toBe('goes on')
  })

  test('reaches what Promise.race has left behind: a limit', async () => {
    const left = loop.createFuture()
    const task = loop.createTask(async () => {
      const first = await Promise.race([left, sleep(0, 'first')])
      await sleep(60_000)
      return first
    })
    loop.callLater(2, () => task.cancel())
    expect(await outcome(task)).toEqual(new CancelledError())
    expect(left.cancelled()).toBe(true)
  })

  test('does not reach a promise that was made outside of the task: a limit', async () => {
    const future = loop.createFuture<string>()
    const outside = Promise.resolve(future)
    const task = loop.createTask(async () => [await outside, await sleep(0)])
    loop.callLater(1, () => {
      task.cancel('later')
      expect(future.cancelled()).toBe(false)
      future.setResult('value')
    })
    expect(await outcome(task)).toEqual(new CancelledError('later'))
  })
})

describe('task.signal', () => {
  test('is made anew when the cancellation was taken back, and not before', () => {
    const task = loop.createTask(sleep(0))
    const { signal } = task
    task.cancel()
    task.cancel()
    expect([signal.aborted, task.signal]).toEqual([true, signal])
    task.uncancel()
    expect(task.signal).toBe(signal)
    task.uncancel()
    expect([task.signal.aborted, task.signal === signal]).toEqual([false, false])
  })

  test('is aborted from the beginning when it is asked for after the cancellation', () => {
    const task = loop.createTask(sleep(0))
    task.cancel('before')
    expect([task.signal.aborted, isCancelled(task.signal.reason)]).toEqual([true, true])
  })
})

describe('a loop that is closed', () => {
  test('tells of the async functions that are not done, which go on without it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const order: unknown[] = []
    const task = loop.createTask(async () => {
      await promise
      order.push('after close')
      try {
        await sleep(0)
      } catch (error) {
        order.push((error as Error).message)
      }
    })
    await loop.runUntilComplete(sleep(1))
    loop.close()
    expect(told.map(({ message }) => message)).toEqual(['Task was destroyed but it is pending!'])
    expect(told[0]?.task).toBe(task)
    resolve()
    await new Promise(setImmediate)
    expect(order).toEqual(['after close', 'Event loop is closed'])
    expect(task.done()).toBe(false)
  })

  test('tells of what fails afterwards, as nobody else hears of it', async () => {
    const reject: ((error: Error) => void)[] = []
    const promise = () => new Promise((_, rejects) => reject.push(rejects))
    loop.createTask(async () => await promise())
    const wait = coroutine(function* () {
      yield* fromPromise(promise())
    })
    loop.createTask(wait())
    await loop.runUntilComplete(sleep(1))
    loop.close()
    told = []
    for (const [index, rejects] of reject.entries()) {
      rejects(new RangeError(`late ${index}`))
      await new Promise(setImmediate)
    }
    expect(told.map(({ message, error }) => [message, error])).toEqual([
      ['an async function failed when its loop was closed', new RangeError('late 0')],
      ['a promise was rejected when the loop that waits for it was closed', new RangeError('late 1')],
    ])
  })

  test('that has stopped runs no coroutine when an async body ends', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const order: string[] = []
    const work = coroutine(function* () {
      yield* new Lock().with(async () => {
        await promise
        order.push('body ends')
      })
      order.push('coroutine goes on')
    })
    const task = loop.createTask(work())
    await loop.runUntilComplete(sleep(1))
    resolve()
    await new Promise(setImmediate)
    expect(order).toEqual(['body ends'])
    await loop.runUntilComplete(task)
    expect(order).toEqual(['body ends', 'coroutine goes on'])
  })
})
