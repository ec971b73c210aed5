import { SharedDeque } from '@fosen/queue-deque'
import { describe, expect, test } from 'vitest'

class Job {
  readonly id = 1
}

const small = () => new SharedDeque<unknown>({ capacity: 64 })

describe('a SharedDeque refuses', () => {
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
})

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
    const [buffer, view] = deque.popLeftMany(2)
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
