import { expect, test } from 'vitest'
import { partitionOf } from '../src/index.ts'

test('the partition of a key is its FNV-1a hash, modulo their number', () => {
  expect(partitionOf('', 2 ** 32)).toBe(0x811c9dc5)
  expect(partitionOf('a', 2 ** 32)).toBe(0xe40c292c)
  expect(partitionOf('foobar', 2 ** 32)).toBe(0xbf9cf968)
  expect(partitionOf('foobar', 7)).toBe(0xbf9cf968 % 7)
  expect(partitionOf('foobar', 1)).toBe(0)
})

test('the partition of what is no key, or of none, is refused', () => {
  expect(() => partitionOf(7 as unknown as string, 2)).toThrow(new TypeError('key must be a string, not 7'))
  for (const count of [0, -1, 1.5, NaN, Infinity]) expect(() => partitionOf('a', count)).toThrow(RangeError)
})
