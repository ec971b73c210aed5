import { explore } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'
import { cells, failureOf } from './failure-of.ts'

describe('a thread that may die', () => {
  test('dies before each of its operations, also asleep, and somebody notices at any time', () => {
    const ends = new Set<string>()
    const program = (word: Int32Array) => {
      Atomics.store(word, 0, 1)
      Atomics.wait(word, 0, 1, 25)
      Atomics.store(word, 0, 3)
    }
    const other = (word: Int32Array) => {
      Atomics.compareExchange(word, 0, 1, 2)
      Atomics.notify(word, 0)
      return Atomics.load(word, 1)
    }
    explore({
      setup: () => cells(2),
      threads: { mortal: program, other },
      deaths: { most: 1, of: ['mortal'], onDeath: (word, name) => Atomics.store(word, 1, name.length) },
      atEnd(word, { returned, died }) {
        expect(word[1]).toBe(died.length * 'mortal'.length)
        ends.add(`${died.join()} ${word[0]} ${returned.other}`)
      },
    })
    expect([...ends].sort()).toEqual([
      ' 3 0',
      'mortal 0 0',
      'mortal 0 6',
      'mortal 1 0',
      'mortal 1 6',
      'mortal 2 0',
      'mortal 2 6',
    ])
  })

  test('shows in the failure', () => {
    const failure = failureOf({
      setup: () => cells(1),
      threads: { A: word => Atomics.store(word, 0, 1) },
      deaths: { most: 1, onDeath: word => Atomics.store(word, 0, 7) },
      atEnd(_, { died }) {
        if (died.length > 0) throw new Error('died')
      },
    })
    expect(failure.message).toBe('died\nafter\n    1  A  dies\n    2  the death of A is noticed\nwhere\n       A  dead')
  })

  test('wakes who sleeps, by what somebody does who notices', () => {
    explore({
      setup: () => cells(1),
      threads: {
        A: word => Atomics.wait(word, 0, 0),
        B(word) {
          Atomics.store(word, 0, 1)
          Atomics.notify(word, 0)
        },
      },
      deaths: {
        most: 1,
        of: ['B'],
        onDeath(word) {
          Atomics.store(word, 0, 1)
          Atomics.notify(word, 0)
        },
      },
    })
  })
})
