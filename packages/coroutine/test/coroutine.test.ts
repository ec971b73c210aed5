import { type Coroutine, coroutine, next, originOf, RuntimeError } from '@fosen/coroutine'
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
    const error = new RuntimeError('the coroutine of work was sent to another thread, and runs there')
    expect(() => coro.next()).toThrow(error)
    expect(coro.state).toBe('CORO_CREATED')
  })

  test('leaves a method its object, which does not travel', () => {
    const method = Object.assign(
      function* (this: { from: number }, step: number) {
        yield this.from
        yield this.from + step
      },
      { [Symbol.for('fosen.portable')]: 'anything' },
    )
    const counter = { from: 3, count: coroutine(method) }
    expect([...counter.count(2)]).toEqual([3, 5])
    expect(originOf(counter.count(2))?.args).toEqual([2])
  })

  test('gives nothing for a function that is not portable, nor for any other value', () => {
    for (const value of [example('a'), 5, null, undefined, {}]) expect(originOf(value)).toBeUndefined()
  })
})
