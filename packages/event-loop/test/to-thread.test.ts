import { coroutine } from '@fosen/coroutine'
import {
  BlockingEventLoop,
  CancelledError,
  type CoGenerator,
  EventLoop,
  gather,
  RuntimeError,
  sleep,
  toThread,
} from '@fosen/event-loop'
import { defaultThreadPool, NotPortableError, ThreadPool } from '@fosen/thread-async'
import { afterAll, afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { counted } from './fixtures/counted.ts'
import { add, count, fail, waitForGate, where } from './fixtures/functions.ts'

let loop: EventLoop
let pool: ThreadPool
let cells: Int32Array
beforeEach(() => {
  loop = new EventLoop()
  pool = new ThreadPool({ max: 1, name: 'own' })
  cells = new Int32Array(new SharedArrayBuffer(12))
})
afterEach(async () => {
  Atomics.store(cells, 0, 1)
  loop.close()
  await pool.shutdown()
})
afterAll(() => defaultThreadPool().shutdown())

/** Waits until a thread runs `waitForGate`. */
function* untilEntered(): CoGenerator<void> {
  while (Atomics.load(cells, 1) === 0) yield* sleep(1)
}
const main = <T>(body: () => CoGenerator<T>) => loop.runUntilComplete(coroutine(body)())
const arrow = () => 1

describe('toThread', () => {
  test('refuses at once what no thread can run', () => {
    expect(() => toThread(arrow)).toThrow(NotPortableError)
    expect(() => toThread(undefined as never)).toThrow(TypeError)
    expect(() => toThread(count)).toThrow('count is a generator function')
  })

  test('throws what the function throws', async () => {
    await expect(loop.runUntilComplete(toThread(fail, 'over there'))).rejects.toThrow(new RangeError('over there'))
  })

  test('tells of an argument that cannot be cloned', async () => {
    await expect(loop.runUntilComplete(toThread(add, 1, arrow as never))).rejects.toThrow('add')
  })

  test('runs functions in the default pool, and the loop goes on meanwhile', async () => {
    const results = await main(function* () {
      const waiting = loop.createTask(toThread(waitForGate, cells))
      yield* untilEntered()
      const others = yield* gather([toThread(add, 1, 2), toThread(where)] as const)
      expectTypeOf(others).toEqualTypeOf<[number, string]>()
      Atomics.store(cells, 0, 1)
      return [...others, yield* waiting]
    })
    expect(results).toEqual([3, expect.stringMatching(/^in /), 'let through'])
  })

  test('cancels the call with the task that waits', async () => {
    const task = loop.createTask(toThread(waitForGate, cells))
    await main(function* () {
      yield* untilEntered()
      task.cancel('enough')
    })
    await expect(loop.runUntilComplete(task)).rejects.toThrow(CancelledError)
    await counted(cells, 2, 1)
  })

  test('drops a call that no thread has begun when the task is cancelled', async () => {
    loop.setDefaultExecutor(pool)
    const first = loop.createTask(toThread(waitForGate, cells))
    const second = loop.createTask(toThread(waitForGate, cells))
    await main(function* () {
      yield* untilEntered()
      second.cancel()
      yield* sleep(0)
    })
    await expect(loop.runUntilComplete(second)).rejects.toThrow(CancelledError)
    Atomics.store(cells, 0, 1)
    expect(await loop.runUntilComplete(first)).toBe('let through')
    expect([...cells]).toEqual([1, 1, 1])
  })
})

test('toThread wakes a loop that blocks its thread', () => {
  const blocking = new BlockingEventLoop()
  expect(blocking.runUntilComplete(toThread(add, 1, 2))).toBe(3)
  blocking.runUntilComplete(blocking.shutdownDefaultExecutor())
  blocking.close()
})

describe('runInExecutor', () => {
  test('refuses a pool that is none, and what no thread can run', () => {
    expect(() => loop.runInExecutor({} as never, add, 1, 2)).toThrow(TypeError)
    expect(() => loop.runInExecutor(null, arrow)).toThrow(NotPortableError)
    expect(() => loop.runInExecutor(null, count)).toThrow(TypeError)
  })

  test('refuses calls of a closed loop', () => {
    loop.close()
    expect(() => loop.runInExecutor(null, add, 1, 2)).toThrow(new RuntimeError('Event loop is closed'))
  })

  test('runs the function in the pool that it is given', async () => {
    const future = loop.runInExecutor(pool, where)
    expectTypeOf(await loop.runUntilComplete(future)).toEqualTypeOf<string>()
    expect(future.result()).toBe('in own-1')
  })
})

describe('setDefaultExecutor', () => {
  test.each([[undefined], [null], [{}], [5]])('refuses %s', value => {
    expect(() => loop.setDefaultExecutor(value as never)).toThrow(TypeError)
  })

  test('has toThread use the pool', async () => {
    loop.setDefaultExecutor(pool)
    expect(await loop.runUntilComplete(toThread(where))).toBe('in own-1')
  })
})

describe('shutdownDefaultExecutor', () => {
  test.each([[-1], [Number.NaN], ['1'], [null]])('refuses a timeout of %s', timeout => {
    expect(() => loop.shutdownDefaultExecutor(timeout as never)).toThrow(RangeError)
  })

  test('waits for the calls of the loop, and has later ones refused', async () => {
    await main(function* () {
      const call = loop.runInExecutor(null, waitForGate, cells)
      yield* untilEntered()
      const ends = loop.createTask(loop.shutdownDefaultExecutor())
      yield* sleep(5)
      expect(ends.done()).toBe(false)
      expect(() => loop.runInExecutor(null, add, 1, 2)).toThrow(new RuntimeError('Executor shutdown has been called'))
      Atomics.store(cells, 0, 1)
      yield* ends
      expect(call.result()).toBe('let through')
      expect(yield* loop.runInExecutor(pool, add, 1, 2)).toBe(3)
    })
  })

  test('leaves the default pool of the thread to others', async () => {
    const other = new EventLoop()
    await loop.runUntilComplete(loop.shutdownDefaultExecutor())
    expect(await other.runUntilComplete(toThread(add, 1, 2))).toBe(3)
    other.close()
  })

  test('shuts a pool that was set down', async () => {
    loop.setDefaultExecutor(pool)
    await loop.runUntilComplete(toThread(add, 1, 2))
    await loop.runUntilComplete(loop.shutdownDefaultExecutor())
    expect(() => pool.submit(add, 1, 2)).toThrow('shut down')
  })

  test('warns when the time is over, and lets the calls go on', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const call = loop.runInExecutor(null, waitForGate, cells)
    await loop.runUntilComplete(loop.shutdownDefaultExecutor(5))
    expect(warned.mock.calls).toEqual([['the calls of the executor did not end within 5 ms', 'RuntimeWarning']])
    warned.mockRestore()
    Atomics.store(cells, 0, 1)
    expect(await loop.runUntilComplete(call)).toBe('let through')
  })

  test('can be cancelled, and asked for again', async () => {
    await main(function* () {
      loop.runInExecutor(null, waitForGate, cells)
      const ends = loop.createTask(loop.shutdownDefaultExecutor(60_000))
      yield* sleep(0)
      ends.cancel()
      yield* sleep(0)
      yield* sleep(0)
      expect(ends.cancelled()).toBe(true)
      const both = gather([loop.shutdownDefaultExecutor(), loop.shutdownDefaultExecutor()])
      yield* sleep(0)
      Atomics.store(cells, 0, 1)
      yield* both
    })
  })
})

test('a loop that is closed shuts a pool that was set down', async () => {
  loop.setDefaultExecutor(pool)
  loop.close()
  expect(() => pool.submit(add, 1, 2)).toThrow('shut down')
})
