import { explore, type Model } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('explore', () => {
  test('goes through every order of the operations', () => {
    const seen = new Set<string>()
    const append = (digit: number) => (word: Int32Array) => {
      for (let i = 0; i < 2; i++) {
        let before = Atomics.load(word, 0)
        for (;;) {
          const found = Atomics.compareExchange(word, 0, before, 10 * before + digit)
          if (found === before) break
          before = found
        }
      }
    }
    explore({
      setup: () => cells(1),
      threads: { A: append(1), B: append(2) },
      atEnd: word => void seen.add(String(word[0])),
    })
    expect([...seen].sort()).toEqual(['1122', '1212', '1221', '2112', '2121', '2211'])
  })

  test('gives what the programs return, whatever memory they share', () => {
    const winners = new Set<unknown>()
    explore({
      setup: () => new BigInt64Array(new SharedArrayBuffer(16), 8),
      threads: { A: word => Atomics.add(word, 0, 1n), B: word => Atomics.add(word, 0, 1n) },
      atEnd: (_, { returned, died }) => {
        winners.add(Object.entries(returned).join(' '))
        expect(died).toEqual([])
      },
    })
    expect([...winners].sort()).toEqual(['A,0 B,1', 'A,1 B,0'])
  })

  test('is not harmed by what a program does when it is left', () => {
    let caught = 0
    explore({
      setup: () => cells(1),
      threads: {
        A(word) {
          try {
            Atomics.add(word, 0, 1)
            Atomics.add(word, 0, 1)
          } catch {
            caught++
            Atomics.store(word, 0, 100)
          } finally {
            Atomics.add(word, 0, 1)
          }
        },
      },
      atEnd: word => expect(word[0]).toBe(3),
    })
    expect(caught).toBeGreaterThan(0)
  })

  test('wakes those who sleep at a place, in the order they fell asleep, and no more than it is told', () => {
    const ends = new Set<string>()
    const sleep = (name: number) => (word: Int32Array) => {
      Atomics.store(word, 0, name)
      Atomics.wait(word, 1, 0)
      return Atomics.exchange(word, 0, name)
    }
    explore({
      setup: () => cells(2),
      threads: {
        A: sleep(1),
        B: sleep(2),
        waker(word) {
          const woken = [Atomics.notify(word, 0), Atomics.notify(word, 1, 1)]
          Atomics.store(word, 1, 1)
          return [...woken, Atomics.notify(word, 1)].join()
        },
      },
      atEnd: (_, { returned }) => void ends.add(`${returned.waker}`),
    })
    expect([...ends].sort()).toEqual(['0,0,0', '0,0,1', '0,0,2', '0,1,0', '0,1,1'])
  })

  test('leaves Atomics and the clocks as they were, also after a failure', () => {
    const before = [Atomics, Date.now, performance.now, SharedArrayBuffer]
    expect(() => explore({ setup: () => cells(1), threads: { A: () => expect.unreachable() } })).toThrow()
    expect([Atomics, Date.now, performance.now, SharedArrayBuffer]).toEqual(before)
    expect(Object.hasOwn(performance, 'now')).toBe(false)
  })

  test('leaves memory of a thread’s own to the thread', () => {
    const own = (word: Int32Array) => Atomics.add(new Int32Array(1), 0, 1) + Atomics.add(word, 0, 1)
    const { steps } = explore({ setup: () => cells(1), threads: { A: own } })
    expect(steps).toBe(1)
  })
})

describe('explore refuses', () => {
  const word = { setup: () => cells(1) }

  test.each<[string, () => Model<Int32Array>, RegExp]>([
    [
      'a program that is asynchronous',
      () => ({ ...word, threads: { A: async it => Atomics.load(it, 0) } }),
      /asynchronous/,
    ],
    ['waitAsync', () => ({ ...word, threads: { A: it => Atomics.waitAsync(it, 0, 0) } }), /waitAsync blocks nobody/],
    [
      'memory that is not of setup',
      () => ({ ...word, threads: { A: () => Atomics.load(cells(1), 0) } }),
      /setup has not made/,
    ],
    [
      'a program that does not repeat itself',
      () => {
        let runs = 0
        return { ...word, threads: { A: it => Atomics.load(it, 0) + Atomics.add(it, 0, runs++) + Atomics.load(it, 0) } }
      },
      /does not repeat itself: it did another add than this add/,
    ],
  ])('%s', (_, model, message) => {
    expect(failureOf(model()).message).toMatch(message)
  })

  test('memory that grows', () => {
    const setup = () => new Int32Array(new SharedArrayBuffer(4, { maxByteLength: 8 }))
    expect(() => explore({ setup, threads: {} })).toThrow('fixed length')
  })

  test.each([[-1], [0.5], [Number.NaN]])('%s as a number of anything', number => {
    const model = { ...word, threads: {} }
    expect(() => explore({ ...model, timeouts: number })).toThrow(RangeError)
    expect(() => explore({ ...model, maxSteps: number })).toThrow(RangeError)
    expect(() => explore({ ...model, deaths: { most: number } })).toThrow(RangeError)
  })

  test('the death of a thread that is not there', () => {
    expect(() => explore({ ...word, threads: {}, deaths: { most: 1, of: ['A'] } })).toThrow('names A')
  })
})
