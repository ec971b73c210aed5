import { coroutine } from '@fosen/coroutine'
import {
  asCompleted,
  CancelledError,
  type Co,
  DeadlockError,
  gather,
  RuntimeError,
  type Suspend,
  sleep,
  TimeoutError,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  loop.setExceptionHandler(() => {})
})
afterEach(() => loop.close())

const run = <T>(body: () => Generator<Suspend, T>) => loop.runUntilCompleteSync(coroutine(body)())
const failing = coroutine(function* (ms: number) {
  yield* sleep(ms)
  throw new RangeError('failed')
})

describe('asCompleted', () => {
  test('refuses what cannot be gone through, what cannot be waited for, and what is no time', () => {
    run(function* () {
      expect(() => asCompleted(sleep(1) as never)).toThrow('not Coroutine { <CORO_CREATED> }')
      expect(() => asCompleted(loop.createTask(sleep(0)) as never)).toThrow('not <Task pending')
      expect(() => asCompleted([Promise.resolve()] as never)).toThrow(TypeError)
      expect(() => asCompleted([], { timeout: Number.NaN })).toThrow(RangeError)
      yield* sleep(0)
    })
    expect(() => asCompleted([sleep(1)])).toThrow(RuntimeError)
  })

  test('throws TimeoutError for each that is not done in time, and these go on', () => {
    run(function* () {
      const slow = [loop.createTask(sleep(20, 'slow')), loop.createTask(sleep(30, 'slower'))]
      const [first, ...rest] = asCompleted([...slow, sleep(1, 'fast')], { timeout: 10 })
      expect(yield* first as Co<string>).toBe('fast')
      const outcomes = yield* gather(rest, { returnExceptions: true })
      expect(outcomes).toEqual([expect.any(TimeoutError), expect.any(TimeoutError)])
      expect([loop.time(), slow.map(task => task.cancelling())]).toEqual([10, [0, 0]])
      expect(yield* gather(slow)).toEqual(['slow', 'slower'])
    })
  })

  test('leaves no timer when all are done in time', () => {
    run(function* () {
      for (const next of asCompleted([sleep(1)], { timeout: 10 })) yield* next
    })
    expect(() => loop.runUntilCompleteSync(loop.createFuture())).toThrow(DeadlockError)
    expect(loop.time()).toBe(1)
  })

  test('gives what comes next to another one when a wait is cancelled, before it was woken and after', () => {
    for (const ms of [1, 5]) {
      run(function* () {
        const start = loop.time()
        const waits = [...asCompleted([sleep(5, 'one'), sleep(6, 'two')])].map(next => loop.createTask(next))
        // At 5 the first has ended; three turns later this one is about to be resumed.
        const cancel = () => waits[0]?.cancel()
        loop.callAt(start + ms, () => loop.callSoon(() => loop.callSoon(() => loop.callSoon(cancel))))
        const outcomes = yield* gather(waits, { returnExceptions: true })
        expect([...outcomes, loop.time() - start]).toEqual([expect.any(CancelledError), 'one', 5])
      })
    }
  })

  test('throws the error of one that failed, and the others go on', () => {
    const results = run(function* () {
      const results = []
      for (const next of asCompleted([sleep(5, 'fine'), failing(1)])) {
        try {
          results.push(yield* next)
        } catch (error) {
          results.push(error)
        }
      }
      return results
    })
    expect(results).toEqual([new RangeError('failed'), 'fine'])
  })

  test('gives results as they come, and of one that comes twice one', () => {
    const results = run(function* () {
      const twice = sleep(2, 2)
      const results = []
      for (const next of asCompleted([sleep(3, 'three'), twice, sleep(1, 'one'), twice])) {
        expectTypeOf(next).toEqualTypeOf<Co<string | number>>()
        results.push([yield* next, loop.time()])
      }
      return results
    })
    expect(results).toEqual([
      ['one', 1],
      [2, 2],
      ['three', 3],
    ])
  })

  test('gives what is left when one goes through it again, and nothing of nothing', () => {
    run(function* () {
      const completed = asCompleted([sleep(1, 'one'), sleep(2, 'two')])
      for (const next of completed) {
        expect(yield* next).toBe('one')
        break
      }
      const results = []
      for (const next of completed) results.push(yield* next)
      expect([results, [...completed], [...asCompleted([])]]).toEqual([['two'], [], []])
    })
  })

  test('gives the futures themselves to who asks step by step', () => {
    run(function* () {
      const [two, one, nine] = [
        loop.createTask(sleep(2)),
        loop.createTask(failing(1)),
        loop.createTask(sleep(9)),
      ] as const
      const steps = asCompleted([two, one, nine], { timeout: 5 })[Symbol.asyncIterator]()
      expect((yield* steps.next()).value).toBe(one)
      expect((yield* steps.next()).value).toBe(two)
      expect(() => one.result()).toThrow('failed')
      const [error] = yield* gather([steps.next()], { returnExceptions: true })
      expect(error).toBeInstanceOf(TimeoutError)
      expect(yield* steps.next()).toEqual({ done: true, value: undefined })
    })
  })

  test('gives the futures themselves to for await', async () => {
    const tasks = [loop.createTask(sleep(2)), loop.createTask(sleep(1))]
    const order: number[] = []
    await loop.runUntilComplete(async () => {
      for await (const task of asCompleted(tasks)) order.push(tasks.indexOf(task))
    })
    expect(order).toEqual([1, 0])
  })
})
