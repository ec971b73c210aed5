import { type Coroutine, coroutine, next, RuntimeError, StopIteration } from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

const error = new Error('raised')

const catching = coroutine(function* (last: boolean): Generator<unknown, string, number> {
  try {
    yield 'ready'
  } catch (caught) {
    if (!last) yield caught
  }
  return 'end'
})

describe('raise', () => {
  test('ends a coroutine that has not begun, without running it', () => {
    for (const each of [error, new StopIteration(1)]) {
      const coro = catching(false)
      expect(() => coro.raise(each)).toThrow(each)
      expect(coro.state).toBe('CORO_CLOSED')
    }
  })

  test('gives the error back for a coroutine that has ended, whichever error it is', () => {
    const coro = catching(false)
    coro.close()
    expect(() => coro.raise(error)).toThrow(error)
    expect(() => coro.raise(new StopIteration(1))).toThrow(StopIteration)
  })

  test('refuses a coroutine that is running', () => {
    // biome-ignore lint/correctness/useYield: it throws before
    const coro: Coroutine = coroutine(function* (): Generator {
      coro.raise(error)
    })()
    expect(() => next(coro)).toThrow(TypeError)
  })

  test('throws the error when the coroutine does not catch it', () => {
    const coro = coroutine(function* () {
      yield 1
    })()
    next(coro)
    expect(() => coro.raise(error)).toThrow(error)
    expect(coro.state).toBe('CORO_CLOSED')
  })

  test('gives what the coroutine that catches it yields next', () => {
    const coro = catching(false)
    next(coro)
    expect(coro.raise(error)).toBe(error)
    expect(coro.state).toBe('CORO_SUSPENDED')
  })

  test('throws StopIteration when the coroutine that catches it returns', () => {
    const coro = catching(true)
    next(coro)
    expect(() => coro.raise(error)).toThrow(expect.objectContaining({ name: 'StopIteration', value: 'end' }))
  })

  test('makes a StopIteration that the coroutine does not catch the cause of a RuntimeError', () => {
    const coro = catching(true)
    next(coro)
    const stop = new StopIteration(3)
    expect(() => coro.raise(stop)).toThrow(expect.objectContaining({ name: 'StopIteration', value: 'end' }))
    const careless = coroutine(function* () {
      yield 1
    })()
    next(careless)
    expect(() => careless.raise(stop)).toThrow(RuntimeError)
  })

  test('gives what the coroutine yields', () => {
    expectTypeOf(catching(true).raise).returns.toBeUnknown()
    expectTypeOf<Coroutine<string, number, boolean>['raise']>().toEqualTypeOf<(error: unknown) => string>()
  })
})
