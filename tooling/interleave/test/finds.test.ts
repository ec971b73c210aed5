import { explore, type Model } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('explore finds', () => {
  test('the increment that gets lost when it is not atomic', () => {
    const increment = (counter: Int32Array) => {
      Atomics.store(counter, 0, Atomics.load(counter, 0) + 1)
    }
    const failure = failureOf({
      setup: () => cells(1),
      threads: { A: increment, B: increment },
      atEnd(counter) {
        if (counter[0] !== 2) throw new Error(`counted ${counter[0]} instead of 2`)
      },
    })
    expect(failure.message).toBe(
      `
counted 1 instead of 2
after
    1  A  load(shared, 0) → 0
    2  B  load(shared, 0) → 0
    3  A  store(shared, 0, 1) → 1, and returned
    4  B  store(shared, 0, 1) → 1, and returned
where
       A  returned
       B  returned`.trim(),
    )
    expect(failure.steps).toHaveLength(4)
    expect(failure.cause).toEqual(new Error('counted 1 instead of 2'))
  })

  test('the wake-up that is lost between a look and the sleep', () => {
    const model = (isRight: boolean): Model<{ word: Int32Array }> => ({
      setup: () => ({ word: cells(2) }),
      threads: {
        sleeper({ word }) {
          // The word that it sleeps on does not change with the flag that it waits for.
          const seen = isRight ? Atomics.load(word, 0) : 0
          if (Atomics.load(word, 1) === 0) Atomics.wait(word, 0, seen)
        },
        waker({ word }) {
          Atomics.store(word, 1, 1)
          if (isRight) Atomics.add(word, 0, 1)
          Atomics.notify(word, 0)
        },
      },
    })
    const failure = failureOf(model(false))
    expect(failure.message).toMatch(/^no thread can go on\n/)
    expect(failure.message).toMatch(/notify\(word, 0\) → 0, and returned\n.*wait\(word, 0, 0\), and sleeps\nwhere/)
    expect(failure.message).toContain('sleeper  asleep in wait(word, 0, 0)\n')
    expect(explore(model(true)).ends).toBe(1)
  })

  test('the deadlock of two threads that take two locks in different orders', () => {
    const lock = (word: Int32Array, i: number) => {
      while (Atomics.compareExchange(word, i, 0, 1) !== 0) Atomics.wait(word, i, 1)
    }
    const unlock = (word: Int32Array, i: number) => {
      Atomics.store(word, i, 0)
      Atomics.notify(word, i)
    }
    const program = (first: number, second: number) => (locks: Int32Array) => {
      lock(locks, first)
      lock(locks, second)
      unlock(locks, second)
      unlock(locks, first)
    }
    const model = { setup: () => cells(2) }
    expect(failureOf({ ...model, threads: { A: program(0, 1), B: program(1, 0) } }).message).toMatch(
      /^no thread can go on\n/,
    )
    expect(explore({ ...model, threads: { A: program(0, 1), B: program(0, 1) } }).ends).toBe(1)
  })

  test('the two threads in a lock that looks before it takes', () => {
    const program = (word: Int32Array) => {
      if (Atomics.load(word, 0) !== 0) return
      Atomics.store(word, 0, 1)
      Atomics.add(word, 1, 1)
      Atomics.sub(word, 1, 1)
      Atomics.store(word, 0, 0)
    }
    const failure = failureOf({
      setup: () => cells(2),
      threads: { A: program, B: program, C: program },
      eachStep(word) {
        if ((word[1] ?? 0) > 1) throw new Error('two are inside')
      },
    })
    expect(failure.message).toMatch(/^two are inside\n/)
    expect(failure.steps.at(-1)).toMatch(/add\(shared, 1, 1\) → 1$/)
  })

  test('an error that a program throws', () => {
    const failure = failureOf({
      setup: () => cells(1),
      threads: {
        A: word => Atomics.store(word, 0, 1),
        B(word) {
          if (Atomics.load(word, 0) === 1) throw new RangeError('too late')
        },
      },
    })
    expect(failure.message).toBe(
      `
too late
after
    1  A  store(shared, 0, 1) → 1, and returned
    2  B  load(shared, 0) → 1, and threw
where
       A  returned
       B  threw`.trim(),
    )
    expect(failure.cause).toBeInstanceOf(RangeError)
  })

  test('the interleaving that does not end', () => {
    const failure = failureOf({
      setup: () => cells(1),
      threads: { A: word => void Atomics.add(word, 0, 1), B: word => void (Atomics.load(word, 0) === 1 && spin(word)) },
      maxSteps: 50,
    })
    expect(failure.message).toMatch(/^the threads have not ended after 50 steps\n/)
    function spin(word: Int32Array) {
      while (Atomics.load(word, 0) === 1);
    }
  })
})
