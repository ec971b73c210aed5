import { type Coroutine, coroutine, next, RuntimeError, StopIteration } from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

const example = coroutine(function* (name: string): Generator<string, number, number> {
  const x = yield name
  const y = yield `${name}: ${x}`
  return x + y
})

// biome-ignore lint/correctness/useYield: it throws before
const stopping = coroutine(function* (): Generator<never, never, unknown> {
  throw new StopIteration('mine')
})

describe('send', () => {
  test.each([1, null, '', false])('refuses %j for a coroutine that has not begun, which stays so', value => {
    const coro = coroutine(function* (): Generator<number, unknown, unknown> {
      return yield 1
    })()
    expect(() => coro.send(value)).toThrow(TypeError)
    expect(() => coro.send(value)).toThrow("can't send a value to a just-started coroutine")
    expect(coro.state).toBe('CORO_CREATED')
    expect(coro.send(undefined)).toBe(1)
    expect(() => coro.send(value)).toThrow(expect.objectContaining({ value }))
  })

  test('refuses a coroutine that is running', () => {
    // biome-ignore lint/correctness/useYield: it throws before
    const coro: Coroutine = coroutine(function* (): Generator {
      coro.send(1)
    })()
    expect(() => next(coro)).toThrow(TypeError)
    expect(coro.state).toBe('CORO_CLOSED')
  })

  test('delivers the value of the yield it stands at, whoever has brought it there', () => {
    const [byNext, byProtocol] = [example('hi'), example('hi')]
    expect(next(byNext)).toBe('hi')
    byProtocol.next()
    expect([byNext.send(1), byProtocol.send(2)]).toEqual(['hi: 1', 'hi: 2'])
  })

  test('throws StopIteration with the returned value at the end, and with undefined each time after it', () => {
    const coro = example('hi')
    next(coro)
    coro.send(1)
    expect(() => coro.send(2)).toThrow(expect.objectContaining({ name: 'StopIteration', value: 3 }))
    for (const again of [() => coro.send(2), () => next(coro)]) {
      expect(again).toThrow(StopIteration)
      expect(again).toThrow(expect.objectContaining({ value: undefined }))
    }
  })

  test('does not refuse a value for a coroutine that was ended before it began', () => {
    const coro = example('hi')
    coro.close()
    expect(() => coro.send(1)).toThrow(StopIteration)
  })

  test('throws what the coroutine throws', () => {
    const error = new Error('mine')
    const coro = coroutine(function* (): Generator<number, void, number> {
      yield 1
      throw error
    })()
    next(coro)
    expect(() => coro.send(1)).toThrow(error)
  })

  test.each([
    ['send', () => stopping().send(undefined)],
    ['next', () => next(stopping())],
    ['next with a fallback', () => next(stopping(), 'over')],
  ])('and a StopIteration that comes out of a coroutine is the cause of a RuntimeError of %s', (_, step) => {
    expect(step).toThrow(RuntimeError)
    expect(step).toThrow(expect.objectContaining({ cause: expect.objectContaining({ value: 'mine' }) }))
  })

  test('takes what the coroutine takes, and gives what it yields', () => {
    expectTypeOf(example('a').send).toEqualTypeOf<(value: number) => string>()
  })
})
