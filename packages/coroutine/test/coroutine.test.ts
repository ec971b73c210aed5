import { Coroutine, coroutine, next, originOf, StopIteration } from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

const example = coroutine(function* (name: string): Generator<string, number, number> {
  const x = yield name
  const y = yield `${name}: ${x}`
  return x + y
})

describe('coroutine', () => {
  test('runs nothing before the first next', () => {
    const steps: string[] = []
    const coro = coroutine(function* () {
      steps.push('started')
      yield 1
    })()
    expect(steps).toEqual([])
    next(coro)
    expect(steps).toEqual(['started'])
  })

  test.each([
    ['a plain function', () => {}, 'no generator function'],
    ['an async function', async function later() {}, 'the function later'],
    ['a number', 5, 'number'],
    ['null', null, 'null'],
  ])('refuses %s', (_, fn, named) => {
    expect(() => coroutine(fn as never)).toThrow(TypeError)
    expect(() => coroutine(fn as never)).toThrow(named)
  })

  test('keeps the protocol of JavaScript: for…of, return, throw and instanceof', () => {
    const count = coroutine(function* (n: number) {
      for (let i = 0; i < n; i++) yield i
    })
    expect([...count(3)]).toEqual([0, 1, 2])
    expect(count(3)).toBeInstanceOf(Coroutine)
    expect(count(3).return()).toEqual({ done: true, value: undefined })
    const failing = count(3)
    failing.next()
    expect(() => failing.throw(new Error('stop'))).toThrow('stop')
  })

  test('infers what is yielded, returned and sent', () => {
    expectTypeOf(example('a')).toEqualTypeOf<Coroutine<string, number, number>>()
    expectTypeOf(example).parameters.toEqualTypeOf<[name: string]>()
    const inferred = coroutine(function* (n: number) {
      const sent: string = yield n
      return [sent]
    })
    expectTypeOf(inferred(1)).toEqualTypeOf<Coroutine<number, string[], string>>()
    const generic = coroutine(function* <T>(value: T) {
      yield value
    })
    expectTypeOf(generic('a')).toExtend<Generator<string, void>>()
  })
})

describe('send', () => {
  test('delivers the value of the yield it stands at', () => {
    const coro = example('hi')
    expect(next(coro)).toBe('hi')
    expect(coro.send(1)).toBe('hi: 1')
  })

  test('throws StopIteration with the returned value at the end', () => {
    const coro = example('hi')
    coro.next()
    coro.send(1)
    expect(() => coro.send(2)).toThrow(expect.objectContaining({ name: 'StopIteration', value: 3 }))
    expect(() => coro.send(2)).toThrow(StopIteration)
  })
})

test('a subclass of StopIteration recognises its own errors only', () => {
  class Drained extends StopIteration {}
  const [plain, drained] = [new StopIteration(1), new Drained(1)]
  expect([plain instanceof Drained, drained instanceof Drained, drained instanceof StopIteration]).toEqual([
    false,
    true,
    true,
  ])
})

describe('next', () => {
  test('gives the fallback at the end, also when it is undefined', () => {
    expect(next([][Symbol.iterator](), 'over')).toBe('over')
    expect(next([][Symbol.iterator](), undefined)).toBeUndefined()
  })

  test('throws StopIteration at the end without a fallback', () => {
    expect(() => next([][Symbol.iterator]())).toThrow(StopIteration)
  })

  test.each([[5], [null], [undefined], [{}]])('refuses %s', value => {
    expect(() => next(value as never)).toThrow(TypeError)
  })
})

describe('originOf', () => {
  const fn = Object.assign(
    function* work(a: number) {
      yield a
      return 'done'
    },
    { [Symbol.for('fosen.portable')]: 'anything' },
  )

  test('gives function, arguments and whether the body has begun', () => {
    const work = coroutine(fn)
    const coro = work(7)
    expect(originOf(coro)).toEqual({ fn, args: [7], started: false })
    expect(work.name).toBe('work')
    expect([...coro]).toEqual([7])
    expect(originOf(coro)?.started).toBe(true)
  })

  test.each([
    ['return', (coro: Coroutine) => coro.return('early')],
    ['throw', (coro: Coroutine) => expect(() => coro.throw(new Error('early'))).toThrow('early')],
  ])('knows that a coroutine which %s ended before its body has begun', (_, end) => {
    const coro = coroutine(fn)(7)
    end(coro)
    expect(originOf(coro)?.started).toBe(true)
    expect(coro.next()).toEqual({ done: true, value: undefined })
  })

  test('lets who sends a coroutine keep it from running here, too', () => {
    const coro = coroutine(fn)(7)
    Object.assign(originOf(coro) ?? {}, { started: true })
    expect(() => coro.next()).toThrow('the coroutine of work was sent to another thread')
  })

  test('gives nothing for a function that is not portable, nor for any other value', () => {
    for (const value of [example('a'), 5, null, undefined, {}]) expect(originOf(value)).toBeUndefined()
  })
})
