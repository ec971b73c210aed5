import { describe, expect, test } from 'vitest'
import { CallMemory } from '../src/ring/call-memory.ts'
import { FunctionTable } from '../src/ring/function-table.ts'

function write(memory: CallMemory, slot: number, id: number, fn: number, args: unknown[]): boolean {
  if (!memory.writeArguments(slot, args)) return false
  memory.writeHead(slot, id, fn)
  return true
}

/** The longest text for which `fits` says so. */
function longest(fits: (text: string) => boolean): number {
  let length = 0
  while (fits('x'.repeat(length + 1))) length++
  return length
}

describe('the memory of calls', () => {
  test('takes arguments up to a size, and leaves the next slot alone', () => {
    const memory = new CallMemory(2)
    write(memory, 1, 7, 3, ['next'])
    const most = longest(text => write(memory, 0, 1, 0, [text]))
    expect(most).toBeGreaterThan(450)
    expect(most).toBeLessThan(512)
    expect(write(memory, 0, 5, 2, ['y'.repeat(most)])).toBe(true)
    expect([memory.id(0), memory.functionOf(0), memory.args(0)]).toEqual([5, 2, ['y'.repeat(most)]])
    expect([memory.id(1), memory.functionOf(1), memory.args(1)]).toEqual([7, 3, ['next']])
  })

  test('keeps arguments for later as it takes them', () => {
    const memory = new CallMemory(2)
    const args = ['text', { a: [1, -0, undefined] }]
    const kept = memory.keep(args) as Uint8Array
    expect(memory.read(kept)).toEqual(args)
    memory.writeKept(1, kept)
    expect(memory.args(1)).toEqual(args)
    expect(memory.read(memory.kept(1))).toEqual(args)
    expect([memory.keep([new Map()]), memory.keep(['x'.repeat(600)])]).toEqual([undefined, undefined])
  })

  test('takes a result up to a size, in the place of the arguments', () => {
    const memory = new CallMemory(2)
    write(memory, 0, 1, 0, ['z'.repeat(400)])
    write(memory, 1, 7, 3, ['next'])
    const most = longest(text => memory.writeResult(0, text))
    expect(most).toBeGreaterThan(450)
    expect(memory.writeResult(0, 'y'.repeat(most))).toBe(true)
    expect(memory.result(0)).toBe('y'.repeat(most))
    expect([memory.id(0), memory.args(1)]).toEqual([1, ['next']])
  })

  test.each([
    ['a Map', new Map()],
    ['a typed array', new Uint8Array(1)],
    ['shared memory', new SharedArrayBuffer(1)],
    ['a Date', new Date(0)],
    ['an Error', new Error('no')],
    ['an instance', new (class A {})()],
    ['a function', () => {}],
    ['a symbol', Symbol('no')],
  ])('refuses %s, alone and within', (_, value) => {
    const memory = new CallMemory(1)
    expect(write(memory, 0, 1, 0, [value])).toBe(false)
    expect(write(memory, 0, 1, 0, [{ list: [value] }])).toBe(false)
    expect(memory.writeResult(0, value)).toBe(false)
    expect(memory.writeResult(0, [value])).toBe(false)
  })

  test('is the same memory for whoever is given its buffer', () => {
    const memory = new CallMemory(3)
    const other = new CallMemory(memory.buffer)
    expect([memory.slots, other.slots]).toEqual([4, 4])
    write(memory, 3, 9, 1, [undefined, -0, { a: [1n, 'ü\ud800'] }])
    expect(other.args(3)).toEqual([undefined, -0, { a: [1n, 'ü\ud800'] }])
    memory.cancel(3, 9)
    expect([other.isCancelled(3, 9), other.isCancelled(3, 10), other.isCancelled(2, 9)]).toEqual([true, false, false])
  })

  test('has one thread look for calls', () => {
    const memory = new CallMemory(1)
    expect([memory.startLooking(1), memory.startLooking(2)]).toEqual([true, false])
    memory.stopLooking(2)
    expect(memory.startLooking(2)).toBe(false)
    memory.stopLooking(1)
    expect(memory.startLooking(2)).toBe(true)
  })
})

describe('the table of functions', () => {
  const reference = (name: string) => ({ module: 'file:///a.ts', name, hash: 'h', shape: 'Function of 0' })
  type Reference = Parameters<FunctionTable['numberOf']>[0]

  test('has a number for each, until it is full', () => {
    const table = new FunctionTable()
    const references = Array.from({ length: 65 }, (_, i) => reference(`f${i}`) as unknown as Reference)
    const numbers = references.map(it => table.numberOf(it))
    expect(numbers).toEqual([...Array(64).keys(), -1])
    expect(references.map(it => table.numberOf(it))).toEqual(numbers)
    const other = new FunctionTable(table.buffer)
    expect([other.reference(0), other.reference(63)]).toEqual([references[0], references[63]])
  })

  test('refuses a reference that is too long, and takes the next one', () => {
    const table = new FunctionTable()
    const long = reference('f'.repeat(600)) as unknown as Reference
    const short = reference('f') as unknown as Reference
    expect([table.numberOf(long), table.numberOf(short), table.numberOf(long)]).toEqual([-1, 0, -1])
    expect(new FunctionTable(table.buffer).reference(0)).toEqual(short)
  })
})
