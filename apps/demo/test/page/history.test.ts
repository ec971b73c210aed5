import { describe, expect, test } from 'vitest'
import { History } from '../../src/page/history.ts'
import { Slowest } from '../../src/page/slowest.ts'

describe('a history', () => {
  test('gives each reader what was added since it last read', () => {
    const history = new History<number>(10)
    history.add(1)
    const cursor = history.end
    expect(history.since(cursor)).toEqual([])
    history.add(2)
    expect(history.since(cursor)).toEqual([2])
    expect(history.since(0)).toEqual([1, 2])
  })

  test('gives the last ones alone to a reader that comes late', () => {
    const history = new History<number>(3)
    for (let i = 1; i <= 100; i++) {
      history.add(i)
      expect(history.end).toBe(i)
      expect(history.since(0)).toEqual([i - 2, i - 1, i].filter(it => it > 0))
      expect(history.since(i - 1)).toEqual([i])
    }
  })
})

describe('the slowest', () => {
  const file = (name: string, duration: number) => ({ file: name, duration })

  test('are those that took the longest, the longest first', () => {
    const slowest = new Slowest<ReturnType<typeof file>>(3)
    for (const [i, duration] of [5, 1, 9, 3, 7, 2].entries()) slowest.add(file(`${i}`, duration))
    expect(slowest.list).toEqual([file('2', 9), file('4', 7), file('0', 5)])
  })

  test('have each file once, with the longest of its times', () => {
    const slowest = new Slowest<ReturnType<typeof file>>(3)
    for (const [name, duration] of [
      ['a', 5],
      ['b', 4],
      ['a', 6],
      ['a', 2],
      ['b', 9],
    ] as const) {
      slowest.add(file(name, duration))
    }
    expect(slowest.list).toEqual([file('b', 9), file('a', 6)])
  })
})
