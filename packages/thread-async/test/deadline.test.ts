import { threadParker } from '@fosen/shared-memory'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Deadline } from '../src/deadline.ts'

describe('a deadline', () => {
  test('calls back while its thread is blocked', () => {
    let calls = 0
    new Deadline(5, () => calls++)
    expect(threadParker().park(() => calls > 0, 2_000)).toBe(true)
    expect(calls).toBe(1)
  })

  test('that is cleared does not', () => {
    let calls = 0
    new Deadline(0, () => calls++).clear()
    expect(threadParker().park(() => calls > 0, 60)).toBe(false)
  })
})

test('a deadline that is over before its timer is set has no timer of negative length', () => {
  const setTimer = vi.spyOn(globalThis, 'setTimeout')
  vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(100)
  new Deadline(5, () => {}).clear()
  expect(setTimer.mock.calls.map(([, milliseconds]) => milliseconds)).toEqual([0])
  vi.restoreAllMocks()
})

describe('by its timer, a deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('calls back once', () => {
    const callback = vi.fn()
    new Deadline(10, callback)
    vi.advanceTimersByTime(9)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(100)
    expect(callback).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('may be further away than a timer can be', () => {
    const callback = vi.fn()
    const far = 3 * 2 ** 31
    new Deadline(far, callback)
    vi.advanceTimersByTime(far - 1)
    expect(callback).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(callback).toHaveBeenCalledOnce()
  })

  test('never comes when it is infinitely far away, or cleared', () => {
    const callback = vi.fn()
    new Deadline(Number.POSITIVE_INFINITY, callback)
    const cleared = new Deadline(1, callback)
    cleared.clear()
    cleared.clear()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10)
    expect(callback).not.toHaveBeenCalled()
  })
})
