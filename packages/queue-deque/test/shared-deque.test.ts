import { inspect } from 'node:util'
import { DequeClosedError, SharedDeque } from '@fosen/queue-deque'
import { Mutex, receive, shareOf } from '@fosen/shared-memory'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const small = () => new SharedDeque<unknown>({ capacity: 64 })

describe('a SharedDeque refuses', () => {
  test.each([[0], [-1], [1.5], [Number.NaN], [2 ** 31], ['64'], [null]])('a capacity of %s', capacity => {
    expect(() => new SharedDeque({ capacity: capacity as number })).toThrow(/^capacity must be .*, not /)
  })

  test.each([[new ArrayBuffer(4096)], [new SharedArrayBuffer(64)], [null], [{}]])('%s for its memory', buffer => {
    expect(() => new SharedDeque({ buffer: buffer as SharedArrayBuffer })).toThrow(TypeError)
  })

  test('memory as large as that of a deque, which is none', () => {
    const buffer = new SharedArrayBuffer(small().buffer.byteLength)
    expect(() => new SharedDeque({ buffer })).toThrow(TypeError)
    new Int32Array(buffer).fill(-1)
    expect(() => new SharedDeque({ buffer })).toThrow(TypeError)
  })

  test('a capacity for a buffer, which has one', () => {
    const { buffer } = small()
    expect(() => new SharedDeque({ buffer, capacity: 128 })).toThrow(TypeError)
  })

  test.each([[0], [-1], [1.5], [Number.NaN], [undefined]])('to pop %s items', max => {
    expect(() => small().popMany(max as number)).toThrow(/^max must be/)
    expect(() => small().popLeftMany(max as number)).toThrow(/^max must be/)
  })

  test.each([[undefined], ['ab'], [new Set([1])]])('to push all of %s', values => {
    expect(() => small().pushMany(values as never)).toThrow('values must be an array, not')
  })

  test('to be cloned', () => {
    expect(() => structuredClone(small())).toThrow('Cannot clone')
  })
})

describe('a SharedDeque', () => {
  test('is a deque: values come out of either end as they went in', () => {
    const deque = new SharedDeque<string>()
    expect([deque.pop(), deque.popLeft()]).toEqual([undefined, undefined])
    for (const value of ['c', 'd', 'e']) expect(deque.append(value)).toBe(true)
    for (const value of ['b', 'a']) expect(deque.appendLeft(value)).toBe(true)
    expect(deque.length).toBe(5)
    expect([deque.popLeft(), deque.pop(), deque.popLeft(), deque.pop(), deque.pop()]).toEqual(['a', 'e', 'b', 'd', 'c'])
    expect(deque.length).toBe(0)
  })

  test('looks at no more values than it could have room for', () => {
    let looks = 0
    const value = {
      get text() {
        looks++
        return 'x'
      },
    }
    expect(small().pushMany(Array(1000).fill(value))).toBeLessThan(5)
    expect(looks).toBeLessThan(10)
  })

  test('takes no more than it has room for, and takes more when there is some', () => {
    const deque = small()
    expect(deque.pushMany([1, 2, 3, 4, 5])).toBe(4)
    expect([deque.append(5), deque.appendLeft(5), deque.pushLeftMany([5])]).toEqual([false, false, 0])
    expect(deque.popLeft()).toBe(1)
    expect(deque.pushLeftMany([6, 7])).toBe(1)
    expect(deque.popMany(9)).toEqual([4, 3, 2, 6])
  })

  test('pushes many in order, and pops as many as there are, or as are wanted', () => {
    const deque = new SharedDeque<number>()
    deque.pushMany([1, 2, 3])
    deque.pushLeftMany([0, -1])
    expect(deque.popLeftMany(2)).toEqual([-1, 0])
    expect(deque.popMany(2)).toEqual([3, 2])
    expect(deque.popMany(2)).toEqual([1])
    expect(deque.popLeftMany(2)).toEqual([])
    expect(deque.pushMany([])).toBe(0)
  })

  test('has as many bytes as it was to have, up to the next power of two', () => {
    expect([1, 64, 65, 1000, 2 ** 20].map(capacity => new SharedDeque({ capacity }).capacity)).toEqual([
      64,
      64,
      128,
      1024,
      2 ** 20,
    ])
    expect(new SharedDeque().capacity).toBe(2 ** 20)
  })

  test('holds large values, also around the end of its memory', () => {
    const deque = new SharedDeque<string>({ capacity: 2 ** 16 })
    const texts = ['a', 'é', '€'].map(it => it.repeat(9_000))
    for (let i = 0; i < 30; i++) {
      const text = texts[i % 3] as string
      expect(deque.append(text)).toBe(true)
      expect(deque.append(`${i}`)).toBe(true)
      expect(deque.popLeft()).toBe(text)
      expect(deque.popLeft()).toBe(`${i}`)
    }
  })

  test('pushes and pops more at a time than it copies at a time', () => {
    const deque = new SharedDeque<string>({ capacity: 2 ** 19 })
    const texts = Array.from({ length: 300 }, (_, i) => `${i} ${'x'.repeat(1000)}`)
    expect(deque.pushMany(texts)).toBe(300)
    expect(deque.popLeftMany(1000)).toEqual(texts)
  })

  test('that is closed while many are pushed tells how many were', () => {
    const other = new SharedDeque<string>({ capacity: 2 ** 19 })
    const lock = new Mutex(other.buffer)
    let times = 0
    const acquireSync = () => {
      if (++times === 2) other.close()
      return lock.acquireSync()
    }
    const mutex = { acquireSync, release: () => lock.release() }
    const deque = new SharedDeque<string>({ buffer: other.buffer }, { mutex })
    const pushed = deque.pushMany(Array(300).fill('x'.repeat(1000)))
    expect(pushed).toBeGreaterThan(0)
    expect(pushed).toBeLessThan(300)
    expect(other.length).toBe(pushed)
  })

  test('gives its items up when it is cleared', () => {
    const deque = small()
    deque.pushMany([1, 2, 3, 4])
    deque.clear()
    expect([deque.length, deque.pop(), deque.append(5), deque.pop()]).toEqual([0, undefined, true, 5])
  })

  test('takes nothing more once it is closed, and gives what it has', async () => {
    const deque = new SharedDeque<number>()
    deque.pushMany([1, 2])
    deque.close()
    expect(deque.closed).toBe(true)
    for (const append of [deque.append, deque.appendLeft, deque.appendWaitSync]) {
      expect(() => append.call(deque, 1)).toThrow(DequeClosedError)
    }
    expect(() => deque.pushMany([1])).toThrow(DequeClosedError)
    await expect(deque.appendWait(1)).rejects.toThrow(DequeClosedError)
    expect([await deque.popLeftWait(), deque.popWaitSync()]).toEqual([1, 2])
    expect([deque.pop(), deque.popMany(2)]).toEqual([undefined, []])
    expect(() => deque.popWaitSync()).toThrow(DequeClosedError)
    await expect(deque.popWait()).rejects.toThrow(DequeClosedError)
    deque.close()
  })

  test('is closed when it is disposed of', () => {
    let kept: SharedDeque<number>
    {
      using deque = new SharedDeque<number>()
      kept = deque
    }
    expect(kept.closed).toBe(true)
  })

  test('is the same one when it is made of its memory, or received', async () => {
    const deque = new SharedDeque<string>({ capacity: 128 })
    const same = new SharedDeque<string>({ buffer: deque.buffer })
    const shared = shareOf(deque)
    const received = (await receive(shared as NonNullable<typeof shared>)) as SharedDeque<string>
    same.append('a')
    received.append('b')
    expect([deque.popLeft(), same.popLeft()]).toEqual(['a', 'b'])
    expect(received).toBeInstanceOf(SharedDeque)
    expect(received.capacity).toBe(128)
  })

  test('shows how much it holds', () => {
    const deque = new SharedDeque<string>({ capacity: 1024 })
    deque.append('a')
    expect(inspect(deque)).toBe('SharedDeque { length: 1, capacity: 1024, closed: false }')
  })

  test('does what an array does, whatever the operations and however long the values', () => {
    const value = fc.oneof(fc.integer(), fc.string({ maxLength: 30 }), fc.array(fc.double(), { maxLength: 20 }))
    const operation = fc.oneof(
      fc.record({ name: fc.constantFrom('append', 'appendLeft'), value }),
      fc.record({ name: fc.constantFrom('pushMany', 'pushLeftMany'), values: fc.array(value, { maxLength: 6 }) }),
      fc.record({ name: fc.constantFrom('pop', 'popLeft') }),
      fc.record({ name: fc.constantFrom('popMany', 'popLeftMany'), max: fc.integer({ min: 1, max: 6 }) }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), operations => {
        const deque = new SharedDeque<unknown>({ capacity: 512 })
        const array: unknown[] = []
        for (const { name, value, values = [], max = 1 } of operations as Step[]) {
          if (name === 'append') deque.append(value) && array.push(value)
          else if (name === 'appendLeft') deque.appendLeft(value) && array.unshift(value)
          else if (name === 'pushMany') array.push(...values.slice(0, deque.pushMany(values)))
          else if (name === 'pushLeftMany') array.unshift(...values.slice(0, deque.pushLeftMany(values)).reverse())
          else if (name === 'pop') expect(deque.pop()).toEqual(array.pop())
          else if (name === 'popLeft') expect(deque.popLeft()).toEqual(array.shift())
          else if (name === 'popMany') expect(deque.popMany(max)).toEqual(array.splice(-max).reverse())
          else expect(deque.popLeftMany(max)).toEqual(array.splice(0, max))
          expect(deque.length).toBe(array.length)
        }
        expect(deque.popLeftMany(1000)).toEqual(array)
      }),
    )
  })
})

interface Step {
  name: string
  value?: unknown
  values?: unknown[]
  max?: number
}
