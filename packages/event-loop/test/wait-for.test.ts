import { coroutine } from '@fosen/coroutine'
import { CancelledError, DeadlockError, shield, sleep, TimeoutError, waitFor } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
})
afterEach(() => loop.close())

/** Waits, and says what it is told at its end. */
const stubborn = coroutine(function* (cleanUp: number, end: () => string) {
  try {
    yield* sleep(60_000)
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    yield* sleep(cleanUp)
    return end()
  }
  return 'not cancelled'
})

describe('waitFor', () => {
  test('refuses what cannot be waited for, and what is no time, at once', () => {
    expect(() => waitFor(Promise.resolve() as never, 5)).toThrow('a coroutine or a future is needed, not Promise {')
    expect(() => waitFor(null as never, 5)).toThrow(TypeError)
    expect(() => waitFor(sleep(1), Number.NaN)).toThrow(RangeError)
    expect(() => waitFor(sleep(1), null as never)).toThrow(RangeError)
  })

  test('throws TimeoutError after the time, when what it cancelled has cleaned up', () => {
    let cleanedUp = false
    const slow = coroutine(function* () {
      try {
        yield* sleep(60_000)
      } finally {
        yield* sleep(5)
        cleanedUp = true
      }
    })
    const task = loop.createTask(waitFor(slow(), 10))
    expect(() => loop.runUntilCompleteSync(task)).toThrow(TimeoutError)
    expect(task.exception()).toMatchObject({ cause: expect.any(CancelledError) })
    expect([cleanedUp, loop.time(), task.cancelling()]).toEqual([true, 15, 0])
  })

  test.each([10, 0])('gives what comes of it all the same when that does not heed its end, with %d ms', ms => {
    const task = loop.createTask(stubborn(5, () => 'all the same'))
    const failing = loop.createTask(
      stubborn(5, () => {
        throw new RangeError('its own')
      }),
    )
    loop.runUntilCompleteSync(sleep(1))
    expect(loop.runUntilCompleteSync(waitFor(task, ms))).toBe('all the same')
    expect(() => loop.runUntilCompleteSync(waitFor(failing, ms))).toThrow(new RangeError('its own'))
  })

  test.each([0, -1])('does not begin a coroutine whose time is %d', ms => {
    let began = false
    const coro = coroutine(function* () {
      began = true
      yield* sleep(0)
    })
    expect(() => loop.runUntilCompleteSync(waitFor(coro(), ms))).toThrow(TimeoutError)
    expect(began).toBe(false)
  })

  test('without any time gives what a future has, and cancels one that is pending', () => {
    const done = loop.createFuture<string>()
    done.setResult('there')
    const pending = loop.createFuture<string>()
    const order: string[] = []
    const task = loop.createTask(waitFor(done, 0))
    task.addDoneCallback(() => order.push('gives what it has'))
    loop.callSoon(() => loop.callSoon(() => order.push('one turn later')))
    expect([loop.runUntilCompleteSync(task), order]).toEqual(['there', ['gives what it has', 'one turn later']])
    expect(() => loop.runUntilCompleteSync(waitFor(pending, 0))).toThrow(TimeoutError)
    expect(pending.cancelled()).toBe(true)
  })

  test('cancels what it waits for when it is cancelled', () => {
    const future = loop.createFuture()
    const task = loop.createTask(waitFor(future, 10))
    loop.callLater(1, () => task.cancel('enough'))
    expect(() => loop.runUntilCompleteSync(task)).toThrow(new CancelledError('enough'))
    expect([future.cancelled(), task.cancelled()]).toEqual([true, true])
  })

  test('does not wait for what cleans up without end, once it is cancelled itself', () => {
    const inner = loop.createTask(stubborn(60_000, () => 'at last'))
    loop.runUntilCompleteSync(sleep(1))
    const task = loop.createTask(waitFor(inner, 0))
    loop.callLater(1, () => task.cancel())
    expect(() => loop.runUntilCompleteSync(task)).toThrow(CancelledError)
    expect([inner.done(), loop.time()]).toEqual([false, 2])
    expect(loop.runUntilCompleteSync(inner)).toBe('at last')
  })

  test('lets what is shielded go on', () => {
    const task = loop.createTask(sleep(20, 'saved'))
    expect(() => loop.runUntilCompleteSync(waitFor(shield(task), 10))).toThrow(TimeoutError)
    expect(loop.runUntilCompleteSync(task)).toBe('saved')
  })

  test('gives the result, and leaves no timer', () => {
    expect(loop.runUntilCompleteSync(waitFor(sleep(1, 'in time'), 10))).toBe('in time')
    expect(loop.runUntilCompleteSync(waitFor(sleep(1, 'in any time'), undefined))).toBe('in any time')
    expect(() => loop.runUntilCompleteSync(loop.createFuture())).toThrow(DeadlockError)
    expect(loop.time()).toBe(2)
  })
})
