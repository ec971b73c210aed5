import { explore } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('with stateless loops', () => {
  const tryAgain = (word: Int32Array) => {
    while (Atomics.load(word, 0) === 0);
    return Atomics.add(word, 1, 1)
  }
  const model = { setup: () => cells(2), statelessLoops: true, maxSteps: 50 }

  test('threads may spin', () => {
    const threads = { A: tryAgain, B: tryAgain, C: (word: Int32Array) => Atomics.store(word, 0, 1) }
    expect(explore({ ...model, threads }).ends).toBe(2)
    expect(failureOf({ ...model, threads, statelessLoops: false }).message).toMatch(
      /^the threads have not ended after 50 /,
    )
  })

  test('a thread that spins for ever is found', () => {
    const failure = failureOf({
      ...model,
      threads: { A: tryAgain, B: word => Atomics.compareExchange(word, 0, 1, 2) },
      deaths: { most: 1 },
    })
    expect(failure.message).toMatch(/^no way leads to an end any more\n/)
  })

  test('a thread may wait for another one again and again', () => {
    const lock = (word: Int32Array) => {
      while (Atomics.compareExchange(word, 0, 0, 1) !== 0) Atomics.wait(word, 0, 1, 25)
      Atomics.store(word, 1, Atomics.load(word, 1) + 1)
      Atomics.store(word, 0, 0)
      Atomics.notify(word, 0)
    }
    const locking = {
      ...model,
      threads: { A: lock, B: lock, C: lock },
      atEnd: (word: Int32Array) => expect(word[1]).toBe(3),
    }
    const { states } = explore({ ...locking, timeoutsWhenStuck: false })
    expect(states).toBeLessThan(explore({ ...locking, statelessLoops: false }).states / 4)
  })

  test.each<[string, (word: Int32Array) => void]>([
    [
      'does something a few times',
      word => {
        for (let i = 0; i < 3; i++) Atomics.add(word, 0, 1)
      },
    ],
    [
      'gives up after a few rounds',
      word => {
        for (let i = 0; i < 3; i++) if (Atomics.load(word, 0) === 1) return
        Atomics.store(word, 1, 1)
      },
    ],
  ])('a loop that %s is refused', (_, A) => {
    const B = (word: Int32Array) => Atomics.store(word, 0, 1)
    expect(failureOf({ ...model, threads: { A, B } }).message).toMatch(/^the loops of the program are not stateless/)
  })

  test('no plain memory goes together', () => {
    expect(() => explore({ ...model, threads: {}, plain: word => [word] })).toThrow(TypeError)
  })
})
