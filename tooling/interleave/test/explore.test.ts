import { explore, InterleavingError, type Model } from '@fosen/interleave'
import { describe, expect, test } from 'vitest'

const cells = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))

function failureOf<S>(model: Model<S>): InterleavingError {
  try {
    explore(model)
  } catch (error) {
    if (error instanceof InterleavingError) return error
    throw error
  }
  throw new Error('the exploration has found nothing')
}

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
