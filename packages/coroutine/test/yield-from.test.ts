import {
  type Coroutine,
  coroutine,
  GeneratorExit,
  next,
  RuntimeError,
  StopIteration,
  yieldFrom,
} from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

const error = new Error('raised')

/** Yields from the iterable; what comes of it, or an error, is what it returns. */
const outer = coroutine(function* (
  iterable: Iterable<unknown, unknown, unknown>,
): Generator<unknown, unknown, unknown> {
  try {
    return { returned: yield* yieldFrom(iterable) }
  } catch (caught) {
    return { caught }
  }
})

/** The coroutine, once it has begun. */
function begun(iterable: Iterable<unknown, unknown, unknown>) {
  const coro = outer(iterable)
  next(coro)
  return coro
}

/** What the coroutine returns, which it does when `step` is taken. */
function returnedBy(step: () => unknown): unknown {
  try {
    step()
  } catch (stop) {
    if (stop instanceof StopIteration) return stop.value
    throw stop
  }
  return expect.unreachable('the coroutine yielded')
}

/** Notes what reaches it. */
function* inner(log: unknown[]): Generator<unknown, unknown, unknown> {
  for (;;) {
    try {
      log.push(yield 'ready')
    } catch (caught) {
      log.push(caught)
      if (caught === 'stop') throw new StopIteration('inner')
      if (caught instanceof GeneratorExit) return 'closed'
    } finally {
      log.push('finally')
    }
  }
}

/** An iterator with nothing but what is given, which yields 1 for ever. */
function bare(methods: Partial<Iterator<unknown, unknown, unknown>> = {}) {
  const iterator = { next: () => ({ done: false, value: 1 }), [Symbol.iterator]: () => iterator, ...methods }
  return iterator as Iterable<unknown, unknown, unknown>
}

describe('yieldFrom', () => {
  test.each([[5], [null], [undefined], [{}]])('refuses %j', value => {
    expect(() => yieldFrom(value as never)).toThrow(TypeError)
    expect(() => yieldFrom(value as never)).toThrow('yieldFrom takes an iterable')
  })

  test.each<[string, Iterable<unknown, unknown, unknown>, unknown[]]>([
    ['an array', [1, 2], [1, 2]],
    ['a string', 'a✓', ['a', '✓']],
    ['a Map', new Map([['a', 1]]), [['a', 1]]],
    ['a Set', new Set([1]), [1]],
    ['nothing', [], []],
    [
      'a generator',
      (function* () {
        yield 1
      })(),
      [1],
    ],
    [
      'a coroutine',
      coroutine(function* () {
        yield 1
      })(),
      [1],
    ],
  ])('yields what %s has', (_, iterable, values) => {
    expect([...outer(iterable)]).toEqual(values)
  })

  test('gives what the iterable returns', () => {
    const returning = coroutine(function* () {
      yield 1
      return 'inner'
    })
    expect(returnedBy(() => next(begun(returning())))).toEqual({ returned: 'inner' })
    expect(returnedBy(() => next(begun([1])))).toEqual({ returned: undefined })
  })

  test('goes on where a coroutine stands that has begun', () => {
    const coro = coroutine(function* () {
      yield 1
      yield 2
    })()
    next(coro)
    expect([...outer(coro)]).toEqual([2])
  })

  test.each([
    ['a generator', inner],
    ['a coroutine', coroutine(inner)],
  ])('sends and raises to %s what it is sent and raised', (_, make) => {
    const log: unknown[] = []
    const coro = begun(make(log))
    expect(coro.send('sent')).toBe('ready')
    expect(coro.raise(error)).toBe('ready')
    expect(coro.send(undefined)).toBe('ready')
    expect(log).toEqual(['sent', 'finally', error, 'finally', undefined, 'finally'])
  })

  test('sends to an iterator of any kind whose next takes a value', () => {
    const log: unknown[] = []
    const next = (value: unknown) => ({ done: false, value: log.push(value) })
    begun(bare({ next })).send('sent')
    expect(log).toEqual([undefined, 'sent'])
  })

  test('raises a TypeError where it stands for a value that is sent to an iterator which takes none', () => {
    for (const iterable of [[1, 2], 'ab', new Map([[1, 2]]), new Set([1]), bare()]) {
      const result = returnedBy(() => begun(iterable).send(5))
      expect(result).toEqual({ caught: expect.any(TypeError) })
    }
  })

  test('raises where it stands what an iterator does not take', () => {
    for (const raised of [error, new StopIteration(1)]) {
      for (const iterable of [[1, 2], 'ab', bare()]) {
        expect(returnedBy(() => begun(iterable).raise(raised))).toEqual({ caught: raised })
      }
    }
  })

  test('raises where it stands what the iterable throws', () => {
    const failing = bare({
      throw() {
        throw error
      },
    })
    expect(returnedBy(() => begun(failing).raise('any'))).toEqual({ caught: error })
  })

  test('raises a RuntimeError where it stands for a StopIteration that comes out of the iterable', () => {
    const stopping = bare({
      next() {
        throw new StopIteration(1)
      },
    })
    expect(returnedBy(() => next(outer(stopping)))).toEqual({ caught: expect.any(RuntimeError) })
    expect(returnedBy(() => begun(inner([])).raise('stop'))).toEqual({ caught: expect.any(RuntimeError) })
  })

  test('closes the iterable with a GeneratorExit, which is then raised where it stands', () => {
    for (const make of [inner, coroutine(inner)]) {
      const log: unknown[] = []
      expect(begun(make(log)).close()).toEqual({ caught: expect.any(GeneratorExit) })
      expect(log).toEqual([expect.any(GeneratorExit), 'finally'])
    }
  })

  test('closes an iterator that takes no errors by its return, when it has one', () => {
    const log: unknown[] = []
    const closing = bare({ return: () => ({ done: true, value: log.push('closed') }) })
    for (const iterable of [closing, bare(), [1]]) {
      expect(begun(iterable).close()).toEqual({ caught: expect.any(GeneratorExit) })
    }
    expect(log).toEqual(['closed'])
  })

  test('raises where it stands what goes wrong while the iterable closes', () => {
    const yielding = coroutine(function* () {
      try {
        yield 1
      } finally {
        yield 2
      }
    })
    const failing = bare({
      return() {
        throw error
      },
    })
    expect(begun(yielding()).close()).toEqual({ caught: expect.any(RuntimeError) })
    expect(begun(failing).close()).toEqual({ caught: error })
  })

  test('does on return, and when a loop is left, what yield* does', () => {
    const plain = coroutine(function* (iterable: Iterable<unknown, unknown, unknown>) {
      return { returned: yield* iterable }
    })
    const yielding = function* () {
      try {
        yield 1
      } finally {
        yield 2
      }
    }
    const logs: unknown[][] = [[], []]
    const [expected, actual] = [plain, outer].map((make, i) => {
      const coros = [make([1, 2]), make(bare()), make(inner(logs[i] ?? [])), make(yielding())]
      for (const coro of coros) next(coro)
      return coros.flatMap(coro => [coro.return('early'), coro.next()])
    })
    expect(actual).toEqual(expected)
    expect(logs).toEqual([['finally'], ['finally']])
    const coro = outer(inner(logs[0] ?? []))
    for (const _ of coro) break
    expect(logs[0]).toEqual(['finally', 'finally'])
  })

  test('infers what is yielded, returned and sent', () => {
    const returning = coroutine(function* () {
      const sent: boolean = yield 'a'
      return `${sent}`
    })
    const both = coroutine(function* () {
      const returned = yield* yieldFrom(returning())
      expectTypeOf(returned).toEqualTypeOf<string>()
      const nothing = yield* yieldFrom([1])
      expectTypeOf(nothing).toEqualTypeOf<undefined>()
      return returned
    })
    expectTypeOf(both).returns.toExtend<Coroutine<string | number, string, boolean>>()
    expectTypeOf(yieldFrom('a')).toExtend<IterableIterator<string, undefined>>()
    expectTypeOf(yieldFrom(new Map([['a', 1]]))).toExtend<IterableIterator<[string, number]>>()
  })
})
