import { Session } from 'node:inspector'
import { inspect } from 'node:util'
import { Coroutine, coroutine, leaveToLoop, next, originOf } from '@fosen/coroutine'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'

const steps = {
  'next()': (it: Generator) => it.next(),
  'next(1)': (it: Generator) => it.next(1),
  'return(2)': (it: Generator) => it.return(2),
  'throw(3)': (it: Generator) => it.throw(3),
}
type Step = keyof typeof steps

/** What the step gives or throws. */
function outcome(it: Generator, step: Step): unknown {
  try {
    return steps[step](it)
  } catch (thrown) {
    return { thrown }
  }
}

/** Asks V8 itself, as a debugger does. */
function askEngine(): (generator: object) => string {
  const session = new Session()
  session.connect()
  onTestFinished(() => session.disconnect())
  return generator => {
    let state = ''
    Object.assign(globalThis, { asked: generator })
    session.post('Runtime.evaluate', { expression: 'asked' }, (_, { result }) => {
      const objectId = String(result.objectId)
      session.post('Runtime.getProperties', { objectId }, (_, { internalProperties }) => {
        state = internalProperties?.find(({ name }) => name === '[[GeneratorState]]')?.value?.value
      })
    })
    Reflect.deleteProperty(globalThis, 'asked')
    return state
  }
}

const sequences = (length: number): Step[][] =>
  length === 0
    ? [[]]
    : sequences(length - 1).flatMap(before => (Object.keys(steps) as Step[]).map(step => [...before, step]))

const bodies = {
  'one that ends': () => function* (): Generator {},
  'one that throws': () =>
    // biome-ignore lint/correctness/useYield: it throws before
    function* (): Generator {
      throw new RangeError('early')
    },
  'one that gives back what it is sent': () =>
    function* (): Generator {
      return [yield 1, yield 2]
    },
  'one that catches': () =>
    function* (): Generator {
      try {
        yield 1
      } catch (caught) {
        yield caught
      }
    },
  'one that yields while it is ended': () =>
    function* (): Generator {
      try {
        yield 1
      } finally {
        yield 2
      }
    },
  'one that waits for another': () => {
    const inner = coroutine(function* (): Generator {
      return [yield 1, yield 2]
    })
    return function* (): Generator {
      return yield* inner()
    }
  },
}

describe.each(Object.entries(bodies))('%s', (_, body) => {
  test('gives and throws for every sequence of steps what a generator does', () => {
    const [plain, made] = [body(), coroutine(body())]
    for (const sequence of sequences(4)) {
      const [expected, actual] = [plain(), made()]
      for (const step of sequence) expect(outcome(actual, step), `${sequence}`).toEqual(outcome(expected, step))
    }
  })

  test('has after every sequence of steps the state that the engine has for it', () => {
    const made = coroutine(body())
    const stateOf = askEngine()
    for (const sequence of sequences(3)) {
      const coro = made()
      expect(coro.state).toBe('CORO_CREATED')
      for (const step of sequence) {
        outcome(coro, step)
        expect(coro.state, `${sequence}`).toBe(`CORO_${stateOf(coro).toUpperCase()}`)
      }
    }
  })
})

describe('state', () => {
  test.each<[string, (coro: Coroutine) => unknown]>([
    ['for…of', coro => Array.from(coro, state => state)],
    ['spreading', coro => [...coro]],
    [
      'yield*',
      coro => [
        ...(function* () {
          yield* coro
        })(),
      ],
    ],
    ['an iterator helper', coro => coro.map(state => state).toArray()],
  ])('is right inside, at and after the steps of %s', (_, drain) => {
    const coro: Coroutine = coroutine(function* (): Generator {
      yield coro.state
      yield coro.state
    })()
    expect(drain(coro)).toEqual(['CORO_RUNNING', 'CORO_RUNNING'])
    expect(coro.state).toBe('CORO_CLOSED')
  })

  test('is running for one that waits for another which runs', () => {
    const inner = coroutine(function* (): Generator {
      yield outer.state
    })
    const outer: Coroutine = coroutine(function* (): Generator {
      yield* inner()
    })()
    expect(outer.next().value).toBe('CORO_RUNNING')
    expect(outer.state).toBe('CORO_SUSPENDED')
  })

  test('is running still after an attempt to resume one that runs', () => {
    const coro: Coroutine = coroutine(function* (): Generator {
      for (const step of Object.keys(steps) as Step[]) {
        yield [outcome(coro, step), coro.state]
      }
    })()
    for (const [given, state] of coro as Iterable<[{ thrown: unknown }, string]>) {
      expect(given.thrown).toBeInstanceOf(TypeError)
      expect(state).toBe('CORO_RUNNING')
    }
  })

  test('is suspended after a loop was left, when the coroutine yields as it is ended', () => {
    const coro = coroutine(bodies['one that yields while it is ended']())()
    for (const _ of coro) break
    expect(coro.state).toBe('CORO_SUSPENDED')
  })

  test('is what inspect shows', () => {
    expect(inspect(coroutine(function* () {})())).toBe('Coroutine { <CORO_CREATED> }')
  })
})

test('a coroutine is one of its class, and a generator', () => {
  const coro = coroutine(function* () {})()
  expect(coro).toBeInstanceOf(Coroutine)
  expect(Object.prototype.toString.call(coro)).toBe('[object Generator]')
})

describe('a function whose coroutines wait for an event loop', () => {
  const key = Symbol.for('fosen.suspension/1')
  const suspend = {}
  const wait = () =>
    function* () {
      yield suspend
    }

  beforeEach(() => {
    Object.assign(globalThis, { [key]: { suspend } })
    return () => Reflect.deleteProperty(globalThis, key)
  })

  test('gives coroutines that JavaScript steps by its own methods, and whose state V8 tells', () => {
    const waiting = coroutine(wait())
    const first = waiting()
    first.next()
    for (const [coro, state] of [
      [first, 'CORO_SUSPENDED'],
      [waiting(), 'CORO_CREATED'],
    ] as const) {
      const { next, return: end, throw: raise } = coro
      const own = Object.getPrototypeOf(function* () {}).prototype
      expect([next, end, raise]).toEqual([own.next, own.return, own.throw])
      expect(coro.state).toBe(state)
      coro.close()
      expect(coro.state).toBe('CORO_CLOSED')
    }
  })

  test('gives coroutines that can still be raised in and closed', () => {
    const waiting = coroutine(wait())
    for (let i = 0; i < 2; i++) {
      const [raised, closed, ended] = [waiting(), waiting(), waiting()]
      next(raised)
      next(closed)
      expect(() => raised.raise('mine')).toThrow('mine')
      expect(closed.close()).toBeUndefined()
      expect([...ended]).toEqual([suspend])
      expect(() => ended.raise('mine')).toThrow('mine')
    }
  })

  test('gives coroutines that know whether they have begun, when it is portable', () => {
    const work = coroutine(Object.assign(wait(), { [Symbol.for('fosen.portable')]: 'anything' }))
    const begun = work()
    begun.next()
    const ended = work()
    ended.return()
    expect([begun, ended, work()].map(coro => originOf(coro)?.started)).toEqual([true, true, false])
    expect(begun.state).toBe('CORO_SUSPENDED')
    expect(begun.next()).toEqual({ done: true, value: undefined })
  })

  test('need not have waited when its coroutines are left to the loop', () => {
    const waiting = coroutine(wait())
    const coro = waiting()
    leaveToLoop(coro)
    const { next } = Object.getPrototypeOf(function* () {}).prototype
    expect([coro.next, waiting().next]).toEqual([next, next])
    for (const other of [(function* () {})(), Object.create(Coroutine.prototype)])
      expect(() => leaveToLoop(other)).not.toThrow()
  })

  test('does not change another function', () => {
    const other = coroutine(function* () {})
    coroutine(wait())().next()
    expect(other().state).toBe('CORO_CREATED')
  })
})
