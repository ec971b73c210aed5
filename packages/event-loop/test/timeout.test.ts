import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  currentTask,
  DeadlockError,
  RuntimeError,
  type Suspend,
  sleep,
  Timeout,
  TimeoutError,
  timeout,
  timeoutAt,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
})
afterEach(() => loop.close())

const run = <T>(body: () => Generator<Suspend, T>) => loop.runUntilCompleteSync(coroutine(body)())
const sleeping = (ms: number) => () => sleep(ms)
const nothing = function* () {}
/** The error that waiting throws. */
function* errorOf(wait: { [Symbol.iterator](): Iterator<Suspend, unknown> }): Generator<Suspend, unknown> {
  try {
    return yield* wait
  } catch (error) {
    return error
  }
}

describe('timeout', () => {
  test('refuses what is no time, and what is no function, at once', () => {
    expect(() => timeout(Number.NaN, nothing)).toThrow(RangeError)
    expect(() => timeout(null as never, nothing)).toThrow(RangeError)
    expect(() => timeoutAt('soon' as never, nothing)).toThrow(RangeError)
    expect(() => timeout(5, sleep(1) as never)).toThrow('the body is a function, not')
    expect(() => timeoutAt(5, undefined as never)).toThrow(TypeError)
  })

  test('needs a task', () => {
    expect(() => timeout(5, nothing).next()).toThrow(new RuntimeError('no running event loop'))
    const { promise, resolve } = Promise.withResolvers()
    loop.callSoon(() => resolve(errorOf(timeout(5, nothing)).next().value))
    loop.runUntilCompleteSync(sleep(0))
    return expect(promise).resolves.toEqual(new RuntimeError('Timeout should be used inside a task'))
  })

  test('throws TimeoutError when the body has cleaned up, and the task is as before', () => {
    run(function* () {
      const error = yield* errorOf(
        timeout(10, function* () {
          try {
            yield* sleep(60_000)
          } finally {
            yield* sleep(5)
          }
        }),
      )
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toMatchObject({ cause: expect.any(CancelledError) })
      expect([loop.time(), currentTask()?.cancelling()]).toEqual([15, 0])
      yield* sleep(1)
    })
  })

  test('gives what the body comes to when it does not heed its end', () => {
    run(function* () {
      const scopes: Timeout[] = []
      const heedless = function* (scope: Timeout) {
        scopes.push(scope)
        yield* errorOf(sleep(60_000))
        return 'all the same'
      }
      expect(yield* timeout(10, heedless)).toBe('all the same')
      const failing = function* (scope: Timeout) {
        yield* heedless(scope)
        throw new RangeError('its own')
      }
      expect(yield* errorOf(timeout(10, failing))).toEqual(new RangeError('its own'))
      expect([scopes.map(scope => scope.expired()), currentTask()?.cancelling()]).toEqual([[true, true], 0])
      yield* sleep(1)
    })
  })

  test('stays out of the way of a cancellation from outside', () => {
    const scope = new Timeout(10)
    const task = loop.createTask(scope.run(sleeping(60_000)))
    loop.callLater(1, () => task.cancel('enough'))
    expect(() => loop.runUntilCompleteSync(task)).toThrow(new CancelledError('enough'))
    expect([scope.expired(), task.cancelled(), task.cancelling()]).toEqual([false, true, 1])
  })

  test('stays a CancelledError when the deadline and a cancellation from outside come in one turn', () => {
    const scope = new Timeout(10)
    const task = loop.createTask(scope.run(sleeping(60_000)))
    loop.callAt(10, () => task.cancel())
    expect(() => loop.runUntilCompleteSync(task)).toThrow(CancelledError)
    expect([scope.expired(), task.cancelling()]).toEqual([true, 1])
  })

  test('throws TimeoutError in a task that was cancelled before', () => {
    run(function* () {
      currentTask()?.cancel()
      yield* errorOf(sleep(0))
      expect(yield* errorOf(timeout(10, sleeping(60_000)))).toBeInstanceOf(TimeoutError)
      expect(currentTask()?.cancelling()).toBe(1)
    })
  })

  test('goes by the deadline when a result comes in the same turn', () => {
    const future = loop.createFuture<string>()
    loop.callAt(10, () => future.setResult('too late'))
    expect(() => loop.runUntilCompleteSync(timeout(10, () => future))).toThrow(TimeoutError)
    expect(future.result()).toBe('too late')
  })

  test.each([
    { inner: 5, outer: 10, seen: TimeoutError, expired: [true, false] },
    { inner: 10, outer: 5, seen: CancelledError, expired: [false, true] },
    { inner: 5, outer: 5, seen: CancelledError, expired: [true, true] },
  ])('in another one expires alone, or is cancelled by it: $inner in $outer', ({ inner, outer, seen, expired }) => {
    run(function* () {
      const scopes: Timeout[] = []
      const errors: unknown[] = []
      const all = timeout(outer, function* (outerScope) {
        const error = yield* errorOf(
          timeout(inner, function* (innerScope) {
            scopes.push(innerScope, outerScope)
            yield* sleep(60_000)
          }),
        )
        errors.push(error)
        throw error
      })
      errors.push(yield* errorOf(all))
      expect(errors).toEqual([expect.any(seen), expect.any(TimeoutError)])
      expect(scopes.map(scope => scope.expired())).toEqual(expired)
      expect(currentTask()?.cancelling()).toBe(0)
    })
  })

  test.each([0, -1])('of %d begins its body, which ends where it first waits', ms => {
    const sleeper = loop.createTask(sleep(0, 'slept before'))
    loop.runUntilCompleteSync(sleeper)
    run(function* () {
      expect(yield* timeout(ms, () => sleeper)).toBe('slept before')
      const error = yield* errorOf(timeout(ms, sleeping(0)))
      expect(error).toBeInstanceOf(TimeoutError)
      expect(currentTask()?.cancelling()).toBe(0)
    })
  })

  test('that is over in time leaves no timer, also when the task is closed', () => {
    expect(loop.runUntilCompleteSync(timeout(10, () => sleep(1, 'in time')))).toBe('in time')
    run(function* () {
      const closed = timeout(10, sleeping(60_000))
      closed.next()
      closed.return(undefined)
      yield* sleep(0)
    })
    expect(() => loop.runUntilCompleteSync(loop.createFuture())).toThrow(DeadlockError)
    expect(loop.time()).toBe(1)
  })

  test('of undefined never comes', () => {
    expect(loop.runUntilCompleteSync(timeout(undefined, () => sleep(1e9, 'at last')))).toBe('at last')
  })

  test('takes an async body, and ends it where it awaits', async () => {
    const log: unknown[] = []
    const main = async () => {
      log.push(await timeout(10, async scope => scope.expired()))
      await timeout(10, async () => {
        try {
          await sleep(60_000)
        } finally {
          log.push('cleaned up')
        }
      })
    }
    await expect(loop.runUntilComplete(main)).rejects.toThrow(TimeoutError)
    expect([...log, loop.time()]).toEqual([false, 'cleaned up', 10])
  })
})

describe('a Timeout', () => {
  test('moves its deadline: later, sooner, into the past, and away', () => {
    const at = (when: number | undefined) =>
      run(function* () {
        const start = loop.time()
        yield* errorOf(
          timeoutAt(start + 10, function* (scope) {
            scope.reschedule(when === undefined ? undefined : start + when)
            expect(scope.when()).toBe(when === undefined ? undefined : start + when)
            yield* sleep(100)
          }),
        )
        return loop.time() - start
      })
    expect([at(20), at(5), at(-1), at(undefined)]).toEqual([20, 5, 0, 100])
  })

  test('cannot be moved before its body, after it, and once it is over', () => {
    const scope = new Timeout(10)
    const reschedule = () => scope.reschedule(20)
    expect(reschedule).toThrow(new RuntimeError('Timeout has not been entered'))
    run(function* () {
      yield* errorOf(
        scope.run(function* () {
          expect(() => scope.reschedule(Number.NaN)).toThrow(RangeError)
          yield* errorOf(sleep(60_000))
          expect(reschedule).toThrow(new RuntimeError('Cannot change state of expiring Timeout'))
        }),
      )
    })
    expect(reschedule).toThrow(new RuntimeError('Cannot change state of expired Timeout'))
    const finished = new Timeout(undefined)
    loop.runUntilCompleteSync(finished.run(nothing))
    expect(() => finished.reschedule(20)).toThrow(new RuntimeError('Cannot change state of finished Timeout'))
  })

  test('runs one body', () => {
    const scope = new Timeout(undefined)
    loop.runUntilCompleteSync(scope.run(nothing))
    const again = () => loop.runUntilCompleteSync(scope.run(nothing))
    expect(again).toThrow(new RuntimeError('Timeout has already been entered'))
  })

  test('shows its state', () => {
    const scope = new Timeout(10.12345)
    const states = [inspect(scope)]
    const body = function* () {
      states.push(inspect(scope))
      yield* errorOf(sleep(60_000))
      states.push(inspect(scope))
    }
    loop.runUntilCompleteSync(scope.run(body))
    states.push(inspect(scope))
    expect(states).toEqual([
      '<Timeout [created]>',
      '<Timeout [active] when=10.123>',
      '<Timeout [expiring]>',
      '<Timeout [expired]>',
    ])
  })
})
