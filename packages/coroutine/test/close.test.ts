import { type Coroutine, coroutine, GeneratorExit, next, RuntimeError, StopIteration } from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

/** A coroutine that stands at a `yield`, and does `then` with what is thrown there. */
function standing<R>(then: (caught: unknown) => Generator<unknown, R>) {
  const coro = coroutine(function* () {
    try {
      yield 'ready'
    } catch (caught) {
      return yield* then(caught)
    }
    return undefined
  })()
  next(coro)
  return coro
}

describe('close', () => {
  test('refuses a coroutine that is running', () => {
    // biome-ignore lint/correctness/useYield: it throws before
    const coro: Coroutine = coroutine(function* (): Generator {
      coro.close()
    })()
    expect(() => next(coro)).toThrow(TypeError)
  })

  test('throws RuntimeError when the coroutine yields, which is suspended then', () => {
    const coro = standing(function* () {
      yield 'not yet'
    })
    expect(() => coro.close()).toThrow(RuntimeError)
    expect(coro.state).toBe('CORO_SUSPENDED')
  })

  test('throws RuntimeError when a finally yields', () => {
    const coro = coroutine(function* () {
      try {
        yield 1
      } finally {
        yield 2
      }
    })()
    next(coro)
    expect(() => coro.close()).toThrow('coroutine ignored GeneratorExit')
  })

  test('throws what the coroutine throws, and a RuntimeError for a StopIteration', () => {
    const error = new Error('mine')
    // biome-ignore lint/correctness/useYield: it throws before
    const failing = standing(function* () {
      throw error
    })
    // biome-ignore lint/correctness/useYield: it throws before
    const stopping = standing(function* () {
      throw new StopIteration(4)
    })
    expect(() => failing.close()).toThrow(error)
    expect(() => stopping.close()).toThrow(RuntimeError)
  })

  test('runs nothing of a coroutine that has not begun', () => {
    const coro = coroutine(function* () {
      expect.unreachable()
      yield 1
    })()
    expect(coro.close()).toBeUndefined()
    expect(coro.state).toBe('CORO_CLOSED')
    expect(() => next(coro)).toThrow(StopIteration)
  })

  test('does nothing for a coroutine that has ended', () => {
    const coro = coroutine(function* () {
      yield 1
      return 2
    })()
    expect([...coro]).toEqual([1])
    expect(coro.close()).toBeUndefined()
  })

  test('raises GeneratorExit where the coroutine stands, and gives what it returns', () => {
    // biome-ignore lint/correctness/useYield: it returns what it has caught
    const coro = standing(function* (caught) {
      return caught
    })
    expect(coro.close()).toBeInstanceOf(GeneratorExit)
    expect([coro.state, coro.close()]).toEqual(['CORO_CLOSED', undefined])
  })

  test('gives nothing when the coroutine throws the GeneratorExit again, and runs each finally', () => {
    const log: string[] = []
    const coro = coroutine(function* () {
      try {
        yield 1
      } finally {
        log.push('cleaned up')
      }
    })()
    next(coro)
    expect(coro.close()).toBeUndefined()
    expect(log).toEqual(['cleaned up'])
  })

  test('gives what the coroutine returns, or undefined', () => {
    expectTypeOf<Coroutine<string, number, boolean>['close']>().toEqualTypeOf<() => number | undefined>()
  })
})
