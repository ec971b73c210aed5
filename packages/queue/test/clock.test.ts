import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../src/index.ts'
import { ManualClock } from '../src/testing/index.ts'

const month = 31 * 24 * 60 * 60 * 1000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

test('the system clock waits longer than setTimeout can', () => {
  const fn = vi.fn()
  systemClock.after(month, fn)
  vi.advanceTimersByTime(month - 1)
  expect(fn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(fn).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('the system clock is not early when setTimeout is', () => {
  const fn = vi.fn()
  systemClock.after(50, fn)
  using now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 49)
  vi.advanceTimersToNextTimer()
  expect(fn).not.toHaveBeenCalled()
  now.mockRestore()
  vi.advanceTimersToNextTimer()
  expect(fn).toHaveBeenCalledTimes(1)
})

test('what is disposed of is not called, also after a first part of a long wait', () => {
  const fn = vi.fn()
  systemClock.after(10, fn)[Symbol.dispose]()
  const long = systemClock.after(month, fn)
  vi.advanceTimersByTime(month - 1)
  long[Symbol.dispose]()
  expect(vi.getTimerCount()).toBe(0)
  expect(fn).not.toHaveBeenCalled()
})

test('a manual clock calls what is due in the order of the times, what those calls ask for included', () => {
  const clock = new ManualClock()
  const calls: string[] = []
  const note = (name: string) => () => calls.push(`${name} at ${clock.now()}`)
  clock.after(30, note('c'))
  clock.after(10, () => {
    note('a')()
    clock.after(10, note('nested'))
  })
  clock.after(20, note('b'))
  clock.after(25, note('disposed'))[Symbol.dispose]()
  clock.after(31, note('later'))
  clock.advance(30)
  expect(calls).toEqual(['a at 10', 'b at 20', 'nested at 20', 'c at 30'])
  expect(clock.now()).toBe(30)
  expect(clock.pending).toBe(1)
})

test('clocks refuse what is no time', () => {
  const clock = new ManualClock()
  for (const bad of [-1, Number.NaN]) {
    expect(() => clock.advance(bad)).toThrow(RangeError)
    expect(() => clock.after(bad, () => {})).toThrow(RangeError)
    expect(() => systemClock.after(bad, () => {})).toThrow(RangeError)
  }
})
