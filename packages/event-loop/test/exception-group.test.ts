import { inspect } from 'node:util'
import { ExceptionGroup } from '@fosen/event-loop'
import { decodeError, encodeError } from '@fosen/thread-async/worker'
import { describe, expect, test } from 'vitest'

const type = new TypeError('a type')
const range = new RangeError('a range')
const syntax = new SyntaxError('a syntax')
const nested = () => new ExceptionGroup('outer', [type, new ExceptionGroup('inner', [range, syntax]), 'a text'])

/** A group as [message, its errors], so that two can be compared with their structure. */
function shape(error: unknown): unknown {
  return error instanceof ExceptionGroup ? [error.message, error.exceptions.map(shape)] : error
}

describe('an ExceptionGroup', () => {
  test.each([
    ['no text', TypeError, () => new ExceptionGroup(5 as never, [type])],
    ['no array', TypeError, () => new ExceptionGroup('none', new Set([type]) as never)],
    ['nothing', RangeError, () => new ExceptionGroup('none', [])],
  ])('is not made of %s', (_, error, make) => {
    expect(make).toThrow(error)
  })

  test('is an AggregateError with a name, and prints its errors', () => {
    const group = new ExceptionGroup('two', [type, range], { cause: 'the cause' })
    expect(group).toBeInstanceOf(AggregateError)
    expect([String(group), group.exceptions, group.cause]).toEqual(['ExceptionGroup: two', [type, range], 'the cause'])
    expect(inspect(group)).toMatch(/^ExceptionGroup: two\n.*\[errors\]: \[.*TypeError: a type.*RangeError: a range/s)
  })

  test('holds whatever was thrown', () => {
    const group = new ExceptionGroup('odd', [undefined, 'a text'])
    expect(shape(group.subgroup(error => error === undefined))).toEqual(['odd', [undefined]])
  })
})

describe('split', () => {
  test.each([
    ['a class', RangeError, ['outer', [['inner', [range]]]], ['outer', [type, ['inner', [syntax]], 'a text']]],
    [
      'classes',
      [TypeError, SyntaxError],
      ['outer', [type, ['inner', [syntax]]]],
      ['outer', [['inner', [range]], 'a text']],
    ],
    [
      'a function',
      (error: unknown) => error === 'a text',
      ['outer', ['a text']],
      ['outer', [type, ['inner', [range, syntax]]]],
    ],
    ['what means nothing', URIError, undefined, ['outer', [type, ['inner', [range, syntax]], 'a text']]],
    [
      'what means all but the group',
      (error: unknown) => !(error instanceof ExceptionGroup),
      ['outer', [type, ['inner', [range, syntax]], 'a text']],
      undefined,
    ],
  ])('by %s keeps the structure on both sides', (_, condition, matched, rest) => {
    expect(nested().split(condition).map(shape)).toEqual([matched, rest])
  })

  test('gives the group itself when the condition means it, or an inner one', () => {
    const group = nested()
    const inner = group.exceptions[1]
    expect(group.split(Error)).toEqual([group, undefined])
    expect(group.subgroup(AggregateError)).toBe(group)
    const [matched, rest] = group.split(error => error === inner)
    expect([matched?.exceptions, rest?.exceptions]).toEqual([[inner], [type, 'a text']])
    expect(matched?.exceptions[0]).toBe(inner)
  })

  test('knows a class that was made without the word', () => {
    function OldError(this: Error) {}
    OldError.prototype = Object.create(Error.prototype)
    const old = new (OldError as never as new () => Error)()
    expect(new ExceptionGroup('', [old, type]).subgroup(OldError as never)?.exceptions).toEqual([old])
  })

  test('leaves the cause and the stack with the parts', () => {
    const group = new ExceptionGroup('outer', [type, range], { cause: 'the cause' })
    for (const part of group.split(TypeError)) expect([part?.cause, part?.stack]).toEqual(['the cause', group.stack])
    expect(Object.hasOwn(nested().subgroup(TypeError) as object, 'cause')).toBe(false)
  })

  test.each([[5], [null], [undefined], ['TypeError'], [[]], [[TypeError, 5]], [[() => true]]])(
    'refuses %o',
    condition => {
      expect(() => nested().split(condition as never)).toThrow(TypeError)
      expect(() => nested().subgroup(condition as never)).toThrow(TypeError)
    },
  )
})

describe('derive', () => {
  class Failures extends ExceptionGroup {
    code = 7
    override derive(exceptions: readonly unknown[]): ExceptionGroup {
      const group = new Failures(this.message, exceptions)
      group.code = this.code + 1
      return group
    }
  }

  test('keeps the parts of a subclass in the subclass', () => {
    const [matched, rest] = new Failures('own', [type, range]).split(TypeError)
    expect(matched).toBeInstanceOf(Failures)
    expect((rest as Failures).code).toBe(8)
    expect(new ExceptionGroup('', [type])).not.toBeInstanceOf(Failures)
  })

  test('is refused when it gives anything else', () => {
    class Broken extends ExceptionGroup {
      override derive(): never {
        return new Error('no group') as never
      }
    }
    expect(() => new Broken('own', [type, range]).split(TypeError)).toThrow(TypeError)
  })
})

test('a group that crosses threads can be split there', () => {
  const there = decodeError(structuredClone(encodeError(nested()))) as ExceptionGroup
  expect(there).toBeInstanceOf(ExceptionGroup)
  expect([there.name, there.message, there.exceptions.length]).toEqual(['ExceptionGroup', 'outer', 3])
  const [matched, rest] = there.split(RangeError)
  expect(matched).toBeInstanceOf(ExceptionGroup)
  expect(shape(matched)).toEqual(['outer', [['inner', [expect.objectContaining({ message: 'a range' })]]]])
  expect(rest?.exceptions).toHaveLength(3)
})

test('a group of another copy of the package is one, and is split where it is nested', async () => {
  const copy = (await import(`../src/exception-group.ts?copy=${1}`)) as typeof import('../src/exception-group.ts')
  const foreign = new copy.ExceptionGroup('inner', [type, range])
  expect(foreign).toBeInstanceOf(ExceptionGroup)
  expect(shape(new ExceptionGroup('outer', [foreign]).subgroup(TypeError))).toEqual(['outer', [['inner', [type]]]])
})
