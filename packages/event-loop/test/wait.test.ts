import { coroutine } from '@fosen/coroutine'
import {
  ALL_COMPLETED,
  type Co,
  captureCallGraph,
  DeadlockError,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type Future,
  RuntimeError,
  sleep,
  type Waited,
  wait,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  loop.setExceptionHandler(() => {})
})
afterEach(() => loop.close())

const failing = coroutine(function* (ms: number, error: unknown) {
  yield* sleep(ms)
  throw error
})
const names = (tasks: Iterable<{ getName(): string }>) => [...tasks].map(task => task.getName())

describe('wait', () => {
  test('refuses what are no futures, at once', () => {
    expect(() => wait(5 as never)).toThrow('what to wait for comes in an array, or anything to iterate, not 5')
    expect(() => wait(loop.createFuture() as never)).toThrow('not <Future pending>')
    expect(() => wait(sleep(1) as never)).toThrow('not Coroutine { <CORO_CREATED> }')
    expect(() => wait([sleep(1)] as never)).toThrow(
      new TypeError('Passing coroutines is forbidden, use tasks explicitly.'),
    )
    expect(() => wait([Promise.resolve()] as never)).toThrow('wait takes futures, not Promise {')
    expect(() => wait([])).toThrow(new RangeError('Set of Tasks/Futures is empty.'))
  })

  test('refuses options that mean nothing, at once', () => {
    const futures = [loop.createFuture()]
    const returnWhen = 'SOME_COMPLETED' as never
    expect(() => wait(futures, { returnWhen })).toThrow(new RangeError('Invalid return_when value: SOME_COMPLETED'))
    expect(() => wait(futures, { timeout: Number.NaN })).toThrow(RangeError)
    expect(() => wait(futures, { timeout: '5' as never })).toThrow(RangeError)
  })

  test('refuses futures of another loop', () => {
    using other = new VirtualEventLoop()
    expect(() => loop.runUntilCompleteSync(wait([other.createFuture()]))).toThrow(RuntimeError)
  })

  test('that is cancelled touches nothing that it waits for, and leaves neither timer nor callback', () => {
    const future = loop.createFuture<string>()
    const removed: unknown[] = []
    const { removeDoneCallback } = future
    future.removeDoneCallback = callback => {
      removed.push(removeDoneCallback.call(future, callback))
      return 1
    }
    const task = loop.createTask(wait([future], { timeout: 60_000 }))
    loop.callLater(1, () => task.cancel('enough'))
    expect(() => loop.runUntilCompleteSync(task)).toThrow('enough')
    expect([future.done(), removed]).toEqual([false, [1]])
    expect(() => loop.runUntilCompleteSync(future)).toThrow(DeadlockError)
    expect(loop.time()).toBe(1)
  })

  test('ends with its time, and what is pending goes on', () => {
    const slow = loop.createTask(sleep(20, 'slow'), { name: 'slow' })
    const fast = loop.createTask(sleep(1, 'fast'), { name: 'fast' })
    const { done, pending } = loop.runUntilCompleteSync(wait([slow, fast], { timeout: 10 }))
    expect([loop.time(), names(done), names(pending)]).toEqual([10, ['fast'], ['slow']])
    expect([loop.runUntilCompleteSync(slow), loop.time()]).toEqual(['slow', 20])
  })

  test.each([0, -1])('looks once when its time is %d', timeout => {
    const done = loop.createTask(sleep(0))
    loop.runUntilCompleteSync(done)
    const pending = loop.createTask(sleep(5))
    const waited = loop.runUntilCompleteSync(wait([pending, done], { timeout }))
    expect([waited.done.has(done), waited.done.size]).toEqual([true, 1])
    expect([waited.pending.has(pending), waited.pending.size]).toEqual([true, 1])
  })

  test('waits for all by default, throws nothing, and keeps the order in which they were given', () => {
    const cancelled = loop.createTask(sleep(3), { name: 'cancelled' })
    cancelled.cancel()
    const failed = loop.createTask(failing(1, new Error('not thrown')), { name: 'failed' })
    const tasks = [loop.createTask(sleep(5), { name: 'last' }), failed, cancelled]
    const { done, pending } = loop.runUntilCompleteSync(wait([...tasks, ...tasks], { returnWhen: ALL_COMPLETED }))
    expect([names(done), pending.size]).toEqual([['last', 'failed', 'cancelled'], 0])
  })

  test('ends with the first that is done, however it ended', () => {
    const tasks = [1, 2, 3].map(ms => loop.createTask(sleep(ms), { name: `${ms}` }))
    tasks[2]?.cancel()
    const first = loop.runUntilCompleteSync(wait(tasks, { returnWhen: FIRST_COMPLETED }))
    expect([names(first.done), names(first.pending)]).toEqual([['3'], ['1', '2']])
    expect(loop.time()).toBe(0)
  })

  test.each([new Error('failed'), undefined])(
    'ends with the first that fails, and a cancelled one has not: %s',
    error => {
      const cancelled = loop.createTask(sleep(5), { name: 'cancelled' })
      cancelled.cancel()
      const tasks = [
        cancelled,
        loop.createTask(sleep(1), { name: 'fine' }),
        loop.createTask(failing(2, error), { name: 'failed' }),
        loop.createTask(sleep(9), { name: 'pending' }),
      ]
      const { done, pending } = loop.runUntilCompleteSync(wait(tasks, { returnWhen: FIRST_EXCEPTION }))
      expect([names(done), names(pending)]).toEqual([['cancelled', 'fine', 'failed'], ['pending']])
    },
  )

  test('gives the futures with their types', () => {
    const futures: Future<number>[] = [loop.createFuture()]
    expectTypeOf(wait(futures)).toEqualTypeOf<Co<Waited<Future<number>>>>()
  })

  test('is told in the call graph of what it waits for', () => {
    const inner = loop.createFuture()
    const outer = coroutine(function* () {
      yield* wait([inner])
    })
    const task = loop.createTask(outer())
    loop.runUntilCompleteSync(sleep(0))
    expect(captureCallGraph(inner)?.awaitedBy.map(({ future }) => future === task)).toEqual([true])
  })
})
