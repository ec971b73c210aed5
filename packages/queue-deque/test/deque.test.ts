import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Deque } from '../src/index.ts'

const bad = (value: unknown) => value as never

describe('a bad argument is refused', () => {
  const deque = new Deque([1, 2, 3])

  test('as maxlen', () => {
    for (const maxlen of [-1, 1.5, Number.NaN, -Infinity, 2 ** 53]) {
      expect(() => new Deque([], { maxlen })).toThrow(RangeError)
    }
    expect(() => new Deque([], { maxlen: bad('3') })).toThrow(TypeError)
    expect(() => new Deque([], { maxlen: -1 })).toThrow('maxlen must be an integer from 0 on, or Infinity, not -1')
  })

  test('as items', () => {
    expect(() => new Deque(bad(5))).toThrow(TypeError)
    expect(() => deque.extend(bad(undefined))).toThrow(TypeError)
  })

  test('as an index', () => {
    for (const index of [3, -4, 0.5, Number.NaN, Infinity]) {
      expect(() => deque.set(index, 0)).toThrow(RangeError)
      expect(() => deque.removeAt(index)).toThrow(RangeError)
    }
    expect(() => deque.set(3, 0)).toThrow('there are items from -3 to 2, and no item at index 3')
    expect(() => deque.set(bad('1'), 0)).toThrow(TypeError)
    expect(() => new Deque().removeAt(0)).toThrow('the deque is empty, and no item at index 0')
    for (const index of [0.5, Number.NaN, Infinity]) {
      expect(() => deque.insert(index, 0)).toThrow(RangeError)
      expect(() => deque.index(1, index)).toThrow(RangeError)
      expect(() => deque.index(1, 0, index)).toThrow(RangeError)
    }
  })

  test('as a number of steps or times', () => {
    for (const number of [0.5, Number.NaN, Infinity]) {
      expect(() => deque.rotate(number)).toThrow(RangeError)
      expect(() => deque.repeat(number)).toThrow(RangeError)
    }
    expect(() => deque.rotate(bad('1'))).toThrow("steps must be an integer, not '1'")
    expect(() => deque.repeat(-1)).toThrow(RangeError)
    expect(() => deque.repeat(2 ** 52)).toThrow('a deque holds 67108864 items at most')
  })

  test('as another deque, or a function', () => {
    expect(() => deque.equals(bad([1, 2, 3]))).toThrow('other must be a Deque, not [ 1, 2, 3 ]')
    expect(() => deque.equals(deque, bad(5))).toThrow('same must be a function, not 5')
    expect(() => deque.compare(bad(undefined), () => 0)).toThrow(TypeError)
    expect(() => deque.compare(deque, bad(undefined))).toThrow(TypeError)
  })

  test('and leaves the deque as it was', () => {
    expect([...deque]).toEqual([1, 2, 3])
  })
})

test('what is not there, and what there is no room for, is a RangeError', () => {
  const full = new Deque([1, 2], { maxlen: 2 })
  expect(() => full.insert(1, 9)).toThrow('the deque is full: its maxlen is 2')
  expect(() => full.remove(9)).toThrow('9 is not in the deque')
  expect(() => full.index(2, 0, 1)).toThrow(RangeError)
  expect([...full]).toEqual([1, 2])
})

test('a deque is made of any iterable, and of nothing', () => {
  expect([...new Deque('abc')]).toEqual(['a', 'b', 'c'])
  expect([...new Deque(new Deque([1, 2]))]).toEqual([1, 2])
  expect(new Deque().length).toBe(0)
})

test('items that come before an iterable fails are kept', () => {
  const deque = new Deque<number>()
  function* failing() {
    yield 1
    throw new Error('no more')
  }
  expect(() => deque.extend(failing())).toThrow('no more')
  expect([...deque]).toEqual([1])
})

test('an empty deque gives undefined and stays empty', () => {
  const deque = new Deque<number>()
  expect([deque.pop(), deque.popLeft(), deque.at(0), deque.at(-1), deque.length]).toEqual([
    ...[undefined, undefined, undefined, undefined],
    0,
  ])
  deque.append(1)
  expect([...deque]).toEqual([1])
})

test('undefined is an item like any other', () => {
  const deque = new Deque<number | undefined>([undefined, 1, undefined])
  expect([deque.popLeft(), deque.length, deque.index(undefined)]).toEqual([undefined, 2, 1])
})

test('at takes what Array.prototype.at takes', () => {
  const array = ['a', 'b', 'c']
  const deque = new Deque(array)
  for (const index of [1.9, -1.9, -0.5, Number.NaN, Infinity, -Infinity, 3, -3, -4]) {
    expect(deque.at(index)).toBe(array.at(index))
  }
})

test('items are the same as for Array.prototype.includes', () => {
  const object = {}
  const deque = new Deque<unknown>([-0, Number.NaN, object, '1'])
  expect([0, Number.NaN, object, 1, {}].map(item => deque.includes(item))).toEqual([true, true, true, false, false])
  expect(deque.count(0)).toBe(1)
  deque.remove(Number.NaN)
  expect(deque.index(object)).toBe(1)
  expect(deque.equals(new Deque<unknown>([0, object, '1']))).toBe(true)
  expect(deque.equals(new Deque<unknown>([0, {}, '1']))).toBe(false)
})

test('two deques are compared by what the caller takes for the same, and for the order', () => {
  const deque = new Deque(['a', 'B'])
  expect(deque.equals(new Deque(['A', 'b']), (a, b) => a.toLowerCase() === b.toLowerCase())).toBe(true)
  expect(deque.equals(new Deque([1, 1]), (text, length) => text.length === length)).toBe(true)
  const byLength = (a: string, b: string) => a.length - b.length
  expect(deque.compare(new Deque(['x', 'yy', 'z']), byLength)).toBeLessThan(0)
  expect(deque.compare(new Deque(['x', '']), byLength)).toBeGreaterThan(0)
  expect(deque.compare(new Deque(['x', 'y']), byLength)).toBe(0)
  expect(deque.compare(new Deque(['x']), () => Number.NaN)).toBeGreaterThan(0)
})

test('a deque is shown as an array under its own name, as deep as the others', () => {
  expect(inspect(new Deque(['a', 1]))).toBe("Deque(2) [ 'a', 1 ]")
  expect(inspect(new Deque([1, 2], { maxlen: 2 }))).toBe('Deque(2) [ 1, 2, maxlen: 2 ]')
  expect(inspect(new Deque())).toBe('Deque(0) []')
  const deque = new Deque<unknown>([{ a: { b: {} } }])
  expect(inspect(deque)).toBe('Deque(1) [ { a: { b: {} } } ]')
  deque.append(deque)
  expect(inspect(deque, { depth: 1 })).toBe('Deque(2) [ { a: [Object] }, Deque(2) [ [Object], [Deque] ] ]')
  expect(inspect(new Deque(Array(200).fill(0)))).toContain('... 100 more items')
})

test('a deque without room for any item takes none', () => {
  const deque = new Deque([1, 2], { maxlen: 0 })
  deque.append(3)
  deque.appendLeft(4)
  deque.extend([5])
  expect([deque.length, deque.pop(), [...deque]]).toEqual([0, undefined, []])
})
