import { describe, expect, test } from 'vitest'
import { barAt, barBeside } from '../../page/src/bar-at.ts'
import { formatClock, formatDuration } from '../../page/src/format.ts'
import { addUpdate, timeOf } from '../../page/src/model.ts'
import { layOut } from '../../page/src/timeline-layout.ts'
import { follow, pan, zoom } from '../../page/src/timeline-view.ts'
import type { Bar, Update } from '../../src/page/update.ts'

describe('a duration', () => {
  test.each([
    [undefined, '–'],
    [0, '0 ms'],
    [0.0421, '42 µs'],
    [0.9999, '1.0 ms'],
    [12.34, '12.3 ms'],
    [99.96, '100 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1:00'],
    [125_000, '2:05'],
  ])('of %d ms reads %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})

describe('a moment', () => {
  test.each([
    [0, 0, '0:00'],
    [59_999, 0, '1:00'],
    [59_999, 3, '0:59.999'],
    [61_500, 1, '1:01.5'],
    [-1500, 1, '−0:01.5'],
  ])('%d ms from the beginning reads, with %d digits, %s', (milliseconds, digits, text) => {
    expect(formatClock(milliseconds, digits)).toBe(text)
  })
})

describe('the view of the timeline', () => {
  const view = { from: 1000, to: 2000, follows: true }

  test('that follows the run ends where the run is, also while it is zoomed', () => {
    expect(follow(view, 5000)).toEqual({ from: 4000, to: 5000, follows: true })
    expect(zoom(view, 0.5, 1100)).toEqual({ from: 1500, to: 2000, follows: true })
  })

  test('is zoomed around a moment when it stands, and is moved by a share of its length', () => {
    const still = pan(view, -0.5)
    expect(still).toEqual({ from: 500, to: 1500, follows: false })
    expect(zoom(still, 2, 1000)).toEqual({ from: 0, to: 2000, follows: false })
  })

  test('is never without length, and no longer than an hour', () => {
    let small = view
    for (let i = 0; i < 100; i++) small = zoom(small, 0.5, 1500)
    expect(small.to - small.from).toBeCloseTo(0.05)
    let large = view
    for (let i = 0; i < 100; i++) large = zoom(large, 2, 1500)
    expect(large.to - large.from).toBe(3_600_000)
  })
})

describe('the lanes', () => {
  const lane = (pid: number, thread: string, rows = 1, ended?: number) => ({ pid, thread, rows, ended })

  test('stand process by process, as the work goes, without processes that ended before', () => {
    const lanes = [
      lane(20, 'analyse-10'),
      lane(20, 'analyse-2'),
      lane(20, 'loop-1', 64),
      lane(20, 'main'),
      lane(10, 'main'),
      lane(15, 'main', 1, 500),
      lane(16, 'main', 1, 1500),
    ]
    const { lanes: placed, headings } = layOut(lanes, { from: 1000, to: 2000, follows: true })
    expect(headings.map(({ pid }) => pid)).toEqual([10, 16, 20])
    expect(placed.map(({ pid, thread }) => `${pid} ${thread}`)).toEqual([
      '10 main',
      '16 main',
      '20 main',
      '20 loop-1',
      '20 analyse-2',
      '20 analyse-10',
    ])
    expect(placed.map(({ index }) => lanes[index])).toMatchObject(placed.map(({ pid, thread }) => ({ pid, thread })))
    for (const [i, { top }] of placed.entries()) {
      const before = placed[i - 1]
      if (before) expect(top).toBeGreaterThanOrEqual(before.top + before.height)
    }
  })
})

describe('the bars', () => {
  const bar = (lane: number, row: number, start: number, end: number | null): Bar => {
    return [lane, row, 'task', start, end, 'a', 1, null]
  }
  const bars = [bar(0, 0, 10, 20), bar(0, 1, 12, 14), bar(0, 0, 19, 21), bar(1, 0, 10, 20), bar(0, 1, 30, null)]

  test('are found by lane, row and time, the shortest of several', () => {
    expect(barAt(bars, 0, 0, 11, 12, 50)).toBe(bars[0])
    expect(barAt(bars, 0, 0, 19.5, 19.5, 50)).toBe(bars[2])
    expect(barAt(bars, 0, 1, 40, 41, 50)).toBe(bars[4])
    expect(barAt(bars, 0, 1, 15, 29, 50)).toBeUndefined()
  })

  test('are stepped through in the order in which they began', () => {
    expect(barBeside(bars, 0, 10, 1)).toBe(bars[1])
    expect(barBeside(bars, 0, 12, 1)).toBe(bars[2])
    expect(barBeside(bars, 0, 12, -1)).toBe(bars[0])
    expect(barBeside(bars, 0, 30, 1)).toBeUndefined()
  })
})

describe('what the page knows', () => {
  const update = (more: Partial<Update>): Update => ({
    reset: false,
    origin: 0,
    at: 0,
    folder: '/files',
    stats: undefined,
    problem: undefined,
    isStill: false,
    samples: [],
    lanes: [],
    ended: [],
    running: [],
    kills: [],
    slowest: [],
    dead: [],
    ...more,
  })
  const bar: Bar = [0, 0, 'task', 1, 2, 'a', 1, null]

  test('grows with each update, and begins anew when it is told so', () => {
    const first = addUpdate(undefined, update({ reset: true, ended: [bar] }), 0)
    const second = addUpdate(first, update({ ended: [bar, bar] }), 1)
    expect(second.ended).toHaveLength(3)
    expect(addUpdate(second, update({ reset: true, ended: [bar] }), 2).ended).toHaveLength(1)
  })

  test('goes on with the clock while the server is heard, and stops where it was heard last', () => {
    const model = addUpdate(undefined, update({ at: 5000, ended: [bar] }), 100)
    expect(timeOf(model, true, 180)).toBe(5080)
    expect(timeOf(model, false, 180)).toBe(5000)
  })

  test('is where the last thing has ended when nothing happens any more, heard or not', () => {
    const model = addUpdate(undefined, update({ at: 5000, isStill: true, ended: [bar] }), 100)
    expect([timeOf(model, true, 180), timeOf(model, false, 180)]).toEqual([2, 2])
  })
})
