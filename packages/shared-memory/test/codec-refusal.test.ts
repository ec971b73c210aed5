import { Codec } from '@fosen/shared-memory'
import { describe, expect, test, vi } from 'vitest'

const size = 1 << 16
const codec = new Codec(new SharedArrayBuffer(size))
const refused = (value: unknown) => codec.encode(value, 0, size) === -1

const cycle: unknown[] = []
cycle.push({ cycle })
const twice = {}
const array = (length: number, rest: object) => Object.assign(new Array(length).fill(0), rest)
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
const plain = (object: object) => Object.setPrototypeOf(object, Object.prototype)

function withHole(array: unknown[]): unknown[] {
  delete array[1]
  return array
}

function argumentsOf(..._: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: it is what is tested
  return arguments
}

describe('a codec refuses', () => {
  test.for<[string, unknown]>([
    ['a cycle', cycle],
    ['an object that occurs twice', [twice, { twice }]],
    ['an array that occurs twice', { a: cycle[1], b: [twice], c: twice }],
    ['an object that occurs twice among many', [...Array.from({ length: 99 }, () => ({})), twice, twice]],
    ['more than 16 levels', nested(17)],
    ['an instance of a class', new (class Point {})()],
    ['an instance of a subclass of Array', new (class List extends Array {})()],
    ['an object without a prototype', Object.create(null)],
    ['an object whose prototype is a plain object', Object.create({})],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a WeakMap', new WeakMap()],
    ['a Date', new Date()],
    ['a RegExp', /a/],
    ['an Error', new Error('sorry')],
    ['a promise', Promise.resolve()],
    ['a typed array', new Uint8Array(2)],
    ['a Buffer', Buffer.from('a')],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a SharedArrayBuffer', new SharedArrayBuffer(2)],
    ['a boxed number', Object(1)],
    ['a boxed string', Object('text')],
    ['a boxed bigint', Object(1n)],
    ['a bigint of more than 64 bits', 2n ** 63n],
    ['a function', () => 1],
    ['a method', { toJSON: () => 1 }],
    ['a symbol', Symbol('a')],
    ['an array with a hole', withHole([1, 2, 3])],
    ['an array of nothing but holes', new Array(3)],
    ['an array with a property', array(2, { named: 1 })],
    ['an array with as many properties as holes', Object.assign(new Array(1), { named: 1 })],
    ['an array with a property that looks like an index', Object.assign(withHole([1, 2]), { '01': 1 })],
    ['the match of a regular expression', /a/.exec('a')],
    ['a key named __proto__', JSON.parse('{"__proto__":1}')],
    ['the arguments of a function', argumentsOf(1, 2)],
    ['the arguments of a function called without any', argumentsOf()],
    ['a Map disguised as a plain object', plain(new Map([[1, 2]]))],
    ['a Date disguised as a plain object', plain(new Date())],
    ['an Error disguised as a plain object', plain(new Error('sorry'))],
    ['a typed array disguised as a plain object', plain(new Uint8Array(2))],
    ['a boxed string disguised as a plain object', plain(Object('text'))],
    ['an array disguised as a plain object', plain([1])],
  ])('%s, by itself and in other values', ([, value]) => {
    expect(refused(value)).toBe(true)
    expect(refused([1, value])).toBe(true)
    expect(refused({ a: 1, value })).toBe(true)
    expect(codec.encodeList([value], 0, size)).toBe(-1)
  })

  test('getters and setters, and calls none', () => {
    const run = vi.fn()
    const property = (object: object, key: PropertyKey, accessor: PropertyDescriptor) =>
      Object.defineProperty(object, key, { enumerable: true, configurable: true, ...accessor })
    for (const value of [
      property({}, 'a', { get: run }),
      property({}, 'a', { set: run }),
      property({ b: 1 }, '0', { get: run, set: run }),
      property([1, 2], 0, { get: run }),
      property([1, 2], 1, { get: run, set: run }),
      property([1, 2], 'named', { get: run }),
    ]) {
      expect(refused(value)).toBe(true)
      expect(refused([value])).toBe(true)
    }
    expect(run).not.toHaveBeenCalled()
  })

  test('proxies, and springs no trap', () => {
    const run = vi.fn()
    const handler = new Proxy({}, { get: run })
    for (const target of [{}, [], () => {}]) {
      expect(refused(new Proxy(target, handler))).toBe(true)
      expect(refused({ proxy: new Proxy(target, handler) })).toBe(true)
      expect(refused(Object.create(new Proxy({}, handler)))).toBe(true)
    }
    expect(run).not.toHaveBeenCalled()
  })

  test('nothing because of what it has written or refused before', () => {
    const many = Array.from({ length: 99 }, () => ({}))
    expect(refused([many, twice, twice])).toBe(true)
    expect(codec.encode([many, twice], 0, 99)).toBe(-1)
    for (let i = 0; i < 2; i++) expect(refused([many, twice])).toBe(false)
  })
})
