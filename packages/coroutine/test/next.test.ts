import { next, StopIteration } from '@fosen/coroutine'
import { describe, expect, expectTypeOf, test } from 'vitest'

describe('next', () => {
  test.each([[5], [null], [undefined], [{}], [[]]])('refuses %j', value => {
    expect(() => next(value as never)).toThrow(TypeError)
  })

  test('throws StopIteration at the end without a fallback, each time', () => {
    const iterator = [1].values()
    expect(next(iterator)).toBe(1)
    for (let i = 0; i < 2; i++) expect(() => next(iterator)).toThrow(StopIteration)
  })

  test('gives the fallback at the end, also when it is undefined', () => {
    expect(next([].values(), 'over')).toBe('over')
    expect(next([].values(), undefined)).toBeUndefined()
  })

  test('gives what the iterator yields, or the fallback', () => {
    expectTypeOf(next([1].values())).toEqualTypeOf<number>()
    expectTypeOf(next([1].values(), 'over')).toEqualTypeOf<number | string>()
  })
})
