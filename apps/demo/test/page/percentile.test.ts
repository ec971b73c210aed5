import { describe, expect, test } from 'vitest'
import { percentile } from '../../src/page/percentile.ts'
import { Window } from '../../src/page/window.ts'

describe('a percentile', () => {
  test.each([
    [[], 0.5, undefined],
    [[3], 0.01, 3],
    [[3], 1, 3],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.51, 3],
    [[1, 2, 3, 4], 0.99, 4],
    [Array.from({ length: 200 }, (_, i) => i + 1), 0.95, 190],
  ])('of %j at %d is the least value that so many do not exceed', (sorted, share, value) => {
    expect(percentile(sorted, share)).toBe(value)
  })
})

describe('a window', () => {
  test('says nothing of durations while nothing has ended', () => {
    expect(new Window(3000).read(5000)).toEqual({ rate: 0, p50: undefined, p95: undefined, p99: undefined })
  })

  test('forgets what has ended before it began', () => {
    const window = new Window(1000)
    window.add(100, 50)
    window.add(900, 5)
    window.add(1000, 7)
    expect(window.read(1100)).toEqual({ rate: 2, p50: 5, p95: 7, p99: 7 })
    expect(window.read(2000).rate).toBe(0)
  })

  test('has the rate of the time that it was open, of a second at the least', () => {
    const window = new Window(4000)
    for (let at = 10; at <= 500; at += 10) window.add(at, 10)
    expect(window.read(500).rate).toBe(50)
    expect(window.read(2000).rate).toBe(25)
    expect(window.read(4000).rate).toBe(12.5)
  })
})
