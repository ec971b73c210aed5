import { inspect } from 'node:util'
import { DequeClosedError, SharedDeque } from '@fosen/queue-deque'
import { receive, shareOf } from '@fosen/shared-memory'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

class Job {
  readonly id = 1
}

const small = () => new SharedDeque<unknown>({ capacity: 64 })

describe('a SharedDeque refuses', () => {
  test.each([[0], [-1], [1.5], [Number.NaN], [2 ** 31], ['64'], [null]])('a capacity of %s', capacity => {
    expect(() => new SharedDeque({ capacity: capacity as number })).toThrow(/^capacity must be .*, not /)
  })

  test.each([[new ArrayBuffer(4096)], [new SharedArrayBuffer(64)], [null], [{}]])('%s for its memory', buffer => {
    expect(() => new SharedDeque({ buffer: buffer as SharedArrayBuffer })).toThrow(TypeError)
  })

  test.for<[string, unknown, string]>([
    ['a function', () => 1, 'the value is a function'],
    ['a symbol', Symbol('id'), 'the value is Symbol(id)'],
    ['a function in an object', { steps: [{ 'on-done': () => 1 }] }, '.steps[0]["on-done"] of the value is a function'],
    ['a function in a Map', new Map([['run', () => 1]]), '.get("run") of the value is a function'],
    ['a function as a key of a Map', new Map([[() => 1, 1]]), '.keys()[0] of the value is a function'],
    ['a symbol in a Set', new Set([1, Symbol('id')]), '.values()[1] of the value is Symbol(id)'],
    ['a function that caused an error', new Error('why', { cause: () => 1 }), '.cause of the value is a function'],
    ['an instance of a class', [new Date(0), new Job()], '[1] of the value is an instance of Job'],
    ['what Node has', { at: new URL('http://localhost') }, '.at of the value is an instance of URL'],
    ['a promise', Promise.resolve(), 'the value is an instance of Promise'],
    ['a proxy', [new Proxy({}, {})], '[0] of the value is a Proxy'],
    ['shared memory', new SharedArrayBuffer(4), 'the value is a SharedArrayBuffer: pass it to the thread itself'],
    ['a view of it', [new Int8Array(new SharedArrayBuffer(4))], '[0] of the value is a view of a SharedArrayBuffer'],
    ['itself', { deque: small() }, '.deque of the value is an instance of SharedDeque'],
  ])('%s, and names it', ([, value, message]) => {
    const deque = new SharedDeque<unknown>()
    const error = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) })
    for (const append of [deque.append, deque.appendLeft, deque.appendWaitSync, deque.appendLeftWaitSync]) {
      expect(() => append.call(deque, value)).toThrow(error)
    }
    expect(() => deque.pushMany([1, value])).toThrow(error)
    expect(deque.length).toBe(0)
  })

  test('a value in a promise, too', async () => {
    await expect(small().appendWait(() => 1)).rejects.toThrow('the value is a function')
    await expect(small().appendLeftWait('x'.repeat(100))).rejects.toThrow(RangeError)
  })

  test('a value that is larger than it, whole', () => {
    const deque = small()
    expect(deque.append('x'.repeat(51))).toBe(true)
    deque.clear()
    expect(() => deque.append('x'.repeat(52))).toThrow('the value takes 68 bytes, and the deque has 64')
    expect(() => deque.pushMany([1, new Uint8Array(200)])).toThrow(RangeError)
    expect(deque.length).toBe(0)
  })

  test.each([[0], [-1], [1.5], [Number.NaN], [undefined]])('to pop %s items', max => {
    expect(() => small().popMany(max as number)).toThrow(/^max must be/)
    expect(() => small().popManyLeft(max as number)).toThrow(/^max must be/)
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

  test('takes no more than it has room for, and takes more when there is some', () => {
    const deque = small()
    expect(deque.pushMany([1, 2, 3, 4, 5])).toBe(4)
    expect([deque.append(5), deque.appendLeft(5), deque.pushManyLeft([5])]).toEqual([false, false, 0])
    expect(deque.popLeft()).toBe(1)
    expect(deque.pushManyLeft([6, 7])).toBe(1)
    expect(deque.popMany(9)).toEqual([4, 3, 2, 6])
  })

  test('pushes many in order, and pops as many as there are, or as are wanted', () => {
    const deque = new SharedDeque<number>()
    deque.pushMany([1, 2, 3])
    deque.pushManyLeft([0, -1])
    expect(deque.popManyLeft(2)).toEqual([-1, 0])
    expect(deque.popMany(2)).toEqual([3, 2])
    expect(deque.popMany(2)).toEqual([1])
    expect(deque.popManyLeft(2)).toEqual([])
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
    expect(deque.popManyLeft(1000)).toEqual(texts)
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
      fc.record({ name: fc.constantFrom('pushMany', 'pushManyLeft'), values: fc.array(value, { maxLength: 6 }) }),
      fc.record({ name: fc.constantFrom('pop', 'popLeft') }),
      fc.record({ name: fc.constantFrom('popMany', 'popManyLeft'), max: fc.integer({ min: 1, max: 6 }) }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), operations => {
        const deque = new SharedDeque<unknown>({ capacity: 512 })
        const array: unknown[] = []
        for (const { name, value, values = [], max = 1 } of operations as Step[]) {
          if (name === 'append') deque.append(value) && array.push(value)
          else if (name === 'appendLeft') deque.appendLeft(value) && array.unshift(value)
          else if (name === 'pushMany') array.push(...values.slice(0, deque.pushMany(values)))
          else if (name === 'pushManyLeft') array.unshift(...values.slice(0, deque.pushManyLeft(values)).reverse())
          else if (name === 'pop') expect(deque.pop()).toEqual(array.pop())
          else if (name === 'popLeft') expect(deque.popLeft()).toEqual(array.shift())
          else if (name === 'popMany') expect(deque.popMany(max)).toEqual(array.splice(-max).reverse())
          else expect(deque.popManyLeft(max)).toEqual(array.splice(0, max))
          expect(deque.length).toBe(array.length)
        }
        expect(deque.popManyLeft(1000)).toEqual(array)
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

describe('a value comes out as structuredClone gives it', () => {
  const cycle: unknown[] = []
  cycle.push({ cycle })
  const memory = new ArrayBuffer(16)

  test.for<[string, unknown]>([
    ['undefined', undefined],
    ['-0', -0],
    ['a bigint', 2n ** 80n],
    ['a lone surrogate', '\ud800'],
    ['an object with all of that', { a: [undefined, null, true, 0.1, 'text'], b: { c: 1n } }],
    ['what is deeper than a codec goes', JSON.parse('['.repeat(50) + ']'.repeat(50))],
    ['a cycle', cycle],
    ['a Map and a Set', new Map<unknown, unknown>([[{ a: 1 }, new Set([1])]])],
    ['dates and regular expressions', [new Date(5), /a/gi]],
    ['boxed values', [Object(1), Object('text')]],
    ['an array with holes', Object.assign(Array(3), { 0: 1, 2: 3 })],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['typed arrays of a part of their memory', [new Float64Array(memory, 8, 1), new Uint8Array(memory, 3, 5)]],
    ['a DataView', new DataView(memory, 4, 2)],
  ])('%s', ([, value]) => {
    const deque = new SharedDeque<unknown>()
    deque.append(value)
    expect(deque.pop()).toStrictEqual(structuredClone(value))
  })

  test('an error, with its stack and its cause', () => {
    const deque = new SharedDeque<Error>()
    const error = new RangeError('outer', { cause: new TypeError('inner') })
    deque.append(error)
    const copy = deque.pop()
    expect(copy).toStrictEqual(error)
    expect(copy?.stack).toBe(error.stack)
  })

  test('and views have memory of their own, no longer than they are', () => {
    const deque = new SharedDeque<Uint8Array>({ capacity: 128 })
    deque.append(Buffer.from('text'))
    deque.append(new Uint8Array(memory, 3, 5))
    const [buffer, view] = deque.popManyLeft(2)
    expect(Buffer.isBuffer(buffer)).toBe(true)
    expect(String(buffer)).toBe('text')
    expect(view?.buffer.byteLength).toBe(5)
  })

  test('as it was when it was appended', async () => {
    const deque = new SharedDeque<number[]>({ capacity: 64 })
    deque.append(Array(40).fill(0))
    const value = [1, 2]
    const waiting = deque.appendWait(value)
    value.push(3)
    deque.pop()
    await waiting
    expect(deque.pop()).toEqual([1, 2])
  })
})
