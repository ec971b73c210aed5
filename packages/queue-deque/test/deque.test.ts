import { memoryUsage } from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Deque } from '../src/index.ts'
import { seededRandom } from './fixtures/random.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')

async function collectGarbage() {
  await turn()
  gc()
}

async function memoryInUse() {
  await collectGarbage()
  return memoryUsage().heapUsed
}

/** What a deque does, done to an array. */
const model = {
  append: (array: number[], x: number) => void array.push(x),
  appendLeft: (array: number[], x: number) => void array.unshift(x),
  pop: (array: number[]) => array.pop(),
  popLeft: (array: number[]) => array.shift(),
  extend: (array: number[], xs: number[]) => void array.push(...xs),
  extendLeft: (array: number[], xs: number[]) => void array.unshift(...xs.toReversed()),
}

test.for([1, 2, 3, 4, 5, 6, 7, 8])('a deque does what an array does, whatever is done to it (seed %i)', seed => {
  const random = seededRandom(seed)
  const integer = (below: number) => Math.floor(random() * below)
  const deque = new Deque<number>()
  const array: number[] = []
  let appending = 0.5
  for (let step = 0; step < 4000; step++) {
    // Times of growing and of shrinking take turns, so that the ring is resized both ways, wherever its head is.
    if (step % 250 === 0) appending = random()
    const left = random() < 0.5
    if (random() < appending) {
      if (random() < 0.05) {
        const xs = Array.from({ length: integer(40) }, () => step)
        const name = left ? 'extendLeft' : 'extend'
        deque[name](xs)
        model[name](array, xs)
      } else {
        const name = left ? 'appendLeft' : 'append'
        deque[name](step)
        model[name](array, step)
      }
    } else {
      const name = left ? 'popLeft' : 'pop'
      expect(deque[name]()).toBe(model[name](array))
    }
    expect(deque.length).toBe(array.length)
    const index = integer(array.length * 2 + 4) - array.length - 2
    expect(deque.at(index)).toBe(array.at(index))
    if (step % 50 === 0) expect([...deque]).toEqual(array)
  }
  expect([...deque]).toEqual(array)
})

test('a deque is made of any iterable, and of nothing', () => {
  expect([...new Deque('abc')]).toEqual(['a', 'b', 'c'])
  expect([...new Deque(new Deque([1, 2]))]).toEqual([1, 2])
  expect(new Deque().length).toBe(0)
  expect(() => new Deque(5 as never)).toThrow(TypeError)
})

test('a deque can be extended with itself on either side', () => {
  const deque = new Deque([1, 2])
  deque.extend(deque)
  expect([...deque]).toEqual([1, 2, 1, 2])
  const other = new Deque([1, 2])
  other.extendLeft(other)
  expect([...other]).toEqual([2, 1, 1, 2])
})

test('an empty deque gives undefined and stays empty', () => {
  const deque = new Deque<number>()
  expect([deque.pop(), deque.popLeft(), deque.at(0), deque.at(-1), deque.length]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    0,
  ])
  deque.append(1)
  expect([...deque]).toEqual([1])
})

test('undefined is an item like any other', () => {
  const deque = new Deque<number | undefined>([undefined, 1, undefined])
  expect([deque.popLeft(), deque.length]).toEqual([undefined, 2])
})

test('at takes what Array.prototype.at takes', () => {
  const deque = new Deque(['a', 'b', 'c'])
  const array = ['a', 'b', 'c']
  for (const index of [1.9, -1.9, -0.5, Number.NaN, Infinity, -Infinity, 3, -3, -4]) {
    expect(deque.at(index)).toBe(array.at(index))
  }
})

test('clear leaves an empty deque that is used again', () => {
  const deque = new Deque(Array.from({ length: 100 }, (_, i) => i))
  deque.clear()
  expect([deque.length, deque.popLeft()]).toEqual([0, undefined])
  deque.appendLeft(1)
  deque.append(2)
  expect([...deque]).toEqual([1, 2])
})

test('an iteration goes by index, and sees what is added meanwhile', () => {
  const deque = new Deque([1, 2])
  const seen: number[] = []
  for (const item of deque) {
    seen.push(item)
    if (deque.length < 40) deque.append(item + 2)
  }
  expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
})

test('a deque gives memory back when a burst is over', async () => {
  const before = await memoryInUse()
  const deque = new Deque<number>()
  for (let i = 0; i < 1_000_000; i++) deque.append(i)
  expect(await memoryInUse()).toBeGreaterThan(before + 6_000_000)
  while (deque.length > 10) deque.popLeft()
  expect(await memoryInUse()).toBeLessThan(before + 2_000_000)
  expect(deque.at(-1)).toBe(999_999)
})

test('what was removed is not held', async () => {
  const deque = new Deque<object>()
  const references = Array.from({ length: 6 }, () => {
    const item = {}
    deque.append(item)
    return new WeakRef(item)
  })
  deque.pop()
  deque.popLeft()
  await collectGarbage()
  expect(references.map(reference => reference.deref() !== undefined)).toEqual([false, true, true, true, true, false])
  deque.clear()
  await collectGarbage()
  expect(references.some(reference => reference.deref() !== undefined)).toBe(false)
})
