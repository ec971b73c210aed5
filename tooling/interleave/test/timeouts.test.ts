import { explore, type Model } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('a wait with a timeout', () => {
  const model = (results: Set<unknown>): Model<Int32Array> => ({
    setup: () => cells(1),
    threads: {
      sleeper(word) {
        const before = performance.now()
        return `${Atomics.wait(word, 0, 0, 25)} after ${performance.now() - before}`
      },
      waker(word) {
        Atomics.store(word, 0, 1)
        Atomics.notify(word, 0)
      },
    },
    atEnd: (_, { returned }) => void results.add(returned.sleeper),
  })

  test('lasts until it is notified', () => {
    const results = new Set()
    explore(model(results))
    expect([...results].sort()).toEqual(['not-equal after 0', 'ok after 0'])
  })

  test('times out at any point, as often as the model says', () => {
    const results = new Set()
    explore({ ...model(results), timeouts: 1 })
    expect([...results].sort()).toEqual(['not-equal after 0', 'ok after 0', 'ok after 25', 'timed-out after 25'])
  })

  test('times out when nothing else can happen, unless the model forbids it', () => {
    const alone: Model<Int32Array> = {
      setup: () => cells(1),
      threads: { A: word => Atomics.wait(word, 0, 0, 25) },
      atEnd: (_, { returned }) => expect(returned.A).toBe('timed-out'),
    }
    explore(alone)
    expect(failureOf({ ...alone, timeoutsWhenStuck: false }).message).toMatch(/^no thread can go on\n/)
    // That one may time out early does not say that it does.
    expect(failureOf({ ...alone, timeoutsWhenStuck: false, timeouts: 1 }).message).toMatch(/^no thread can go on\n/)
  })

  test('of nothing is a look', () => {
    const look = (word: Int32Array) => [Atomics.wait(word, 0, 0, 0), Atomics.wait(word, 0, 1, 25)].join()
    explore({
      setup: () => cells(1),
      threads: { A: look },
      atEnd: (_, { returned }) => expect(returned.A).toBe('timed-out,not-equal'),
    })
  })
})
