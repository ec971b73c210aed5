import { expect, test } from 'vitest'
import { exponentialBackoff } from '../src/index.ts'

test('the waits double from attempt to attempt up to the cap', () => {
  const backoff = exponentialBackoff({ random: () => 1 })
  const waits = [1, 2, 3, 9, 10, 5000].map(attempt => backoff(attempt, undefined))
  expect(waits).toEqual([100, 200, 400, 25_600, 30_000, 30_000])
})

test('the waits are drawn from the whole range', () => {
  expect(exponentialBackoff({ base: 10, random: () => 0 })(3, undefined)).toBe(0)
  expect(exponentialBackoff({ base: 10, random: () => 0.25 })(3, undefined)).toBe(10)
  expect(exponentialBackoff({ base: 0 })(5000, undefined)).toBe(0)
})

test('options that are no times, or no function, are refused', () => {
  for (const bad of [-1, Number.NaN, Infinity]) {
    expect(() => exponentialBackoff({ base: bad })).toThrow(RangeError)
    expect(() => exponentialBackoff({ cap: bad })).toThrow(RangeError)
  }
  expect(() => exponentialBackoff({ random: 0.5 as never })).toThrow(TypeError)
})
