import { deepStrictEqual } from 'node:assert/strict'
import { inspect } from 'node:util'
import { Codec } from '@fosen/shared-memory'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { values } from './fixtures/values.ts'

const size = 1 << 16
const shared = new Codec(new SharedArrayBuffer(size))
const unshared = new Codec(new ArrayBuffer(size))

/** Equal in every detail, the order of keys included. */
function expectSame(actual: unknown, expected: unknown) {
  deepStrictEqual(actual, expected)
  const options = { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null }
  expect(inspect(actual, options)).toBe(inspect(expected, options))
}

function passed(codec: Codec, value: unknown, start = 0): unknown {
  const end = codec.encode(value, start, size)
  expect(end).toBeGreaterThan(start)
  return codec.decode(start)
}

describe('a codec', () => {
  test('gives what structured clone gives, at any offset, in shared memory and other', () => {
    fc.assert(
      fc.property(values, fc.nat(99), (value, start) => {
        const expected = structuredClone(value)
        for (const codec of [shared, unshared]) expectSame(passed(codec, value, start), expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('takes nothing of which it would make something else than structured clone', () => {
    const everything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    })
    let taken = 0
    fc.assert(
      fc.property(everything, value => {
        if (shared.encode(value, 0, size) === -1) return
        taken++
        expectSame(shared.decode(0), structuredClone(value))
      }),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(40)
  })

  test.for([
    [
      'the ends of the ranges of integers',
      [0, 127, 128, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53],
    ],
    ['numbers that are not integers', [-0, 0.1, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE]],
    ['bigints of 64 bits', [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]],
    ['text of every length up to 100', Array.from({ length: 100 }, (_, i) => 'aÿ'.repeat(50).slice(0, i))],
    ['wide text of every length up to 100', Array.from({ length: 100 }, (_, i) => `${'a'.repeat(i)}Ā`)],
    ['lone surrogates', ['\ud800', 'a\udfff', '\udc00\ud800', { '\ud800': 1 }]],
    ['keys of every length up to 100', Object.fromEntries(Array.from({ length: 100 }, (_, i) => ['k'.repeat(i), i]))],
    ['keys that Object.prototype has', { constructor: 1, toString: 2, hasOwnProperty: 3, __defineGetter__: 4 }],
    ['keys that are numbers, with others', { b: 1, 2: 2, a: 3, 1: 4, '-1': 5, '01': 6 }],
    ['undefined in objects and arrays', { a: undefined, b: [undefined, null] }],
    ['objects with toJSON that is data', { toJSON: 1 }],
    ['empty ones', [[], {}, '', [[]], [{}]]],
    ['more objects than it looks through one by one', Array.from({ length: 100 }, (_, id) => ({ id }))],
    ['frozen ones', Object.freeze({ a: Object.freeze([1]) })],
  ] as const)('takes %s', ([, value]) => {
    expectSame(passed(shared, value), structuredClone(value))
  })

  test('takes 16 levels', () => {
    let value: unknown = 'deepest'
    for (let i = 0; i < 16; i++) value = i % 2 ? [value] : { value }
    expectSame(passed(shared, value), value)
  })

  test('passes over what structured clone passes over', () => {
    const value = Object.defineProperty({ a: 1, [Symbol('key')]: 2 }, 'hidden', { get: () => expect.unreachable() })
    expectSame(passed(shared, value), { a: 1 })
  })

  test('keeps to own properties when Object.prototype has enumerable ones and setters', () => {
    const entriesOf = (value: unknown) => Object.entries(value as object)
    const stray = { configurable: true, enumerable: true, set: () => expect.unreachable() }
    Object.defineProperty(Object.prototype, 'stray', stray)
    const other = { a: 1 }
    const same = Object.defineProperty({}, 'stray', { value: 1, enumerable: true })
    const entries = [other, same].map(object => shared.encode(object, 0, size) > 0 && entriesOf(shared.decode(0)))
    Reflect.deleteProperty(Object.prototype, 'stray')
    expect(entries).toEqual([[['a', 1]], [['stray', 1]]])
  })

  test('reads any keys in any order, however many it has read before', () => {
    const objects = Array.from({ length: 10_000 }, (_, i) => ({ [`key${i % 5000}`]: i, id: i, [`k${i % 3}`]: i }))
    for (const object of objects) {
      shared.encode(object, 0, size)
      expect(Object.entries(shared.decode(0) as object)).toEqual(Object.entries(object))
    }
  })

  test('writes a list as an array, without a look at the list itself', () => {
    const list = Object.assign([1, 'two', { three: [3] }], { named: 1 })
    const end = shared.encodeList(list, 3, size)
    expectSame(shared.decode(3), [1, 'two', { three: [3] }])
    expect(shared.encode([...list], 3, size)).toBe(end)
    const twice = {}
    expect(shared.encodeList([twice, twice], 0, size)).toBe(-1)
    expect(shared.encodeList([1, 2, 3], 0, 7)).toBe(-1)
    expect(shared.encodeList([], 0, 4)).toBe(-1)
  })

  test('reads in one place what was written by another codec of the memory', () => {
    const buffer = new SharedArrayBuffer(256)
    new Codec(buffer).encode({ name: 'Ada', tags: ['poetry'] }, 17, 256)
    expect(new Codec(buffer).decode(17)).toEqual({ name: 'Ada', tags: ['poetry'] })
  })
})

describe('the room of a codec', () => {
  test('is what it keeps to, wherever it ends', () => {
    fc.assert(
      fc.property(values, fc.nat(9), (value, start) => {
        const needed = shared.encode(value, start, size)
        const memory = new SharedArrayBuffer(needed + 8)
        const codec = new Codec(memory)
        const bytes = new Uint8Array(memory)
        for (let end = needed; end >= start; end--) {
          bytes.fill(0xee)
          expect(codec.encode(value, start, end)).toBe(end === needed ? needed : -1)
          expect(bytes.subarray(end).every(byte => byte === 0xee)).toBe(true)
          expect(bytes.subarray(0, start).every(byte => byte === 0xee)).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('ends with the memory', () => {
    for (const value of ['abc', 'ābc', 7.5, [1, 2], { a: 1 }, 'a'.repeat(99)]) {
      const needed = shared.encode(value, 0, size)
      expect(new Codec(new SharedArrayBuffer(needed)).encode(value, 0, size)).toBe(needed)
      expect(new Codec(new SharedArrayBuffer(needed - 1)).encode(value, 0, size)).toBe(-1)
      expect(shared.encode(value, size, size)).toBe(-1)
    }
  })

  test('has no text that is longer than the text, at the end of the memory', () => {
    const codec = new Codec(new SharedArrayBuffer(4))
    codec.encode('end', 0, 4)
    expect(codec.decode(0)).toBe('end')
  })

  test.for([
    [-1, 9],
    [0.5, 9],
    [Number.NaN, 9],
    [0, Number.NaN],
    [0, -1],
  ] as const)('cannot be from %s to %s', ([start, end]) => {
    expect(() => shared.encode(1, start, end)).toThrow(RangeError)
    expect(() => shared.encodeList([1], start, end)).toThrow(RangeError)
  })
})
