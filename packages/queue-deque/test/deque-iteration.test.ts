import { describe, expect, test } from 'vitest'
import { Deque, RuntimeError } from '../src/index.ts'

describe('an iteration', () => {
  test('throws when it goes on after an item was added or removed, and is over then', () => {
    const deque = new Deque([1, 2, 3])
    const iterator = deque.values()
    iterator.next()
    deque.append(deque.popLeft() as number)
    expect(() => iterator.next()).toThrow(RuntimeError)
    expect(iterator.next()).toEqual({ done: true, value: undefined })
    expect(() => {
      for (const item of deque) deque.append(item)
    }).toThrow('the deque was changed during iteration')
    expect(() => deque.extend(deque.values())).toThrow(RuntimeError)
  })

  test('throws also when there are as many items, of the same ends, as before', () => {
    for (const change of [
      (deque: Deque<number>) => deque.append(deque.pop() as number),
      (deque: Deque<number>) => deque.appendLeft(deque.popLeft() as number),
      (deque: Deque<number>) => deque.rotate(),
      (deque: Deque<number>) => {
        for (let i = 0; i < 16; i++) deque.append(deque.popLeft() as number)
      },
    ]) {
      const deque = new Deque([1, 2, 3])
      const iterator = deque.values()
      change(deque)
      expect(() => iterator.next()).toThrow(RuntimeError)
    }
  })

  test('throws when a function that compares items adds or removes some', () => {
    const deque = new Deque([1, 2])
    expect(() => deque.equals(deque, () => deque.append(3) === undefined)).toThrow(RuntimeError)
    const other = new Deque([1, 2])
    expect(() => deque.compare(other, () => Number(other.popLeft()) * 0)).toThrow(RuntimeError)
  })

  test('sees what is replaced meanwhile', () => {
    const deque = new Deque([1, 2, 3])
    const seen: number[] = []
    for (const item of deque) {
      seen.push(item)
      deque.set(-1, 9)
    }
    expect(seen).toEqual([1, 2, 9])
  })

  test('stays over, whatever is added then', () => {
    const deque = new Deque([1])
    const iterator = deque.values()
    expect([...iterator]).toEqual([1])
    deque.append(2)
    expect(iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('has the helpers of iterators', () => {
    const deque = new Deque([1, 2, 3, 4])
    const odd = (n: number) => n % 2 === 1
    expect(deque.values().filter(odd).toArray()).toEqual([1, 3])
    expect(deque.reversed().take(2).toArray()).toEqual([4, 3])
    expect(deque[Symbol.iterator]().some(odd)).toBe(true)
  })

  test('fails with what is a RuntimeError in other packages, too', () => {
    const error = new RuntimeError('changed')
    expect(Symbol.for('fosen.RuntimeError') in error).toBe(true)
    expect(String(error)).toBe('RuntimeError: changed')
  })
})
