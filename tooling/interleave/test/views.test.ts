import { explore, type Model } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('memory that is used without Atomics', () => {
  // A box with a mark for being full: what is in it is read and written plainly.
  const box = (isRight: boolean): Model<{ mark: Int32Array; box: Uint8Array }> => ({
    setup: () => ({ mark: cells(1), box: new Uint8Array(new SharedArrayBuffer(2)) }),
    plain: ({ box }) => [box],
    threads: {
      sender({ mark, box }) {
        if (!isRight) Atomics.store(mark, 0, 1)
        box.set([5, 6])
        if (isRight) Atomics.store(mark, 0, 1)
        Atomics.notify(mark, 0)
      },
      receiver({ mark, box }) {
        Atomics.wait(mark, 0, 0)
        const received = box.join()
        Atomics.store(mark, 0, 0)
        box.fill(0)
        return received
      },
    },
    atEnd: ({ box }, { returned }) => {
      expect(returned.receiver).toBe('5,6')
      expect([...box]).toEqual([0, 0])
    },
  })

  test('is as each part of a program has left it', () => {
    expect(explore(box(true)).ends).toBe(1)
    expect(failureOf(box(false)).message).toMatch(/^expected ',?.*to be '5,6'/)
  })

  test('has to be named', () => {
    const { plain: _, ...model } = box(true)
    expect(failureOf(model).message).toMatch(/^the program writes to shared memory without Atomics/)
    const late: Model<Int32Array> = {
      setup: () => cells(1),
      threads: {
        A(word) {
          Atomics.load(word, 0)
          word.fill(1)
        },
      },
    }
    expect(failureOf(late).message).toMatch(/^the program writes to shared memory without Atomics/)
  })
})

describe('what is done through quiet views', () => {
  const setup = () => {
    const word = cells(1)
    return { word, count: cells(1), quiet: new Int32Array(word.buffer) }
  }
  type Shared = ReturnType<typeof setup>

  test('is a part of the step before', () => {
    const increment = ({ word, count }: Shared) => {
      Atomics.add(word, 0, 1)
      Atomics.store(count, 0, Atomics.load(count, 0) + 1)
    }
    const model: Model<Shared> = {
      setup,
      threads: { A: increment, B: increment },
      atEnd: ({ count }) => expect(count[0]).toBe(2),
    }
    failureOf(model)
    expect(explore({ ...model, quiet: ({ count }) => [count] })).toEqual({ states: 4, steps: 4, ends: 1 })
  })

  test('may be to sleep, and to wake', () => {
    const take = ({ word, quiet }: Shared) => {
      while (Atomics.compareExchange(word, 0, 0, 1) !== 0) Atomics.wait(quiet, 0, 1)
      Atomics.store(word, 0, 0)
      Atomics.notify(quiet, 0)
    }
    const threads = { A: take, B: take, C: take }
    const model: Model<Shared> = { setup, threads, statelessLoops: true, timeoutsWhenStuck: false }
    expect(explore({ ...model, quiet: ({ quiet }) => [quiet] }).states).toBeLessThan(explore(model).states / 2)
  })
})
