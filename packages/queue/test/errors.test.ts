import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import * as module from '../src/errors.ts'
import { describeError } from '../src/index.ts'

const errors = { ...module }
const copySpecifier = '../src/errors.ts?copy'
const copy: typeof errors = { ...(await import(copySpecifier)) }

test.for(Object.keys(errors) as (keyof typeof errors)[])('%s is recognised across copies of the package', name => {
  expect(copy[name]).not.toBe(errors[name])
  const error = new copy[name]('why')
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe(name)
  for (const [otherName, other] of Object.entries(errors)) expect(error instanceof other).toBe(otherName === name)
})

test('an error is an instance of its own subclass alone, and of the classes above', () => {
  class Mine extends errors.TimeoutError {}
  expect(new Mine('why')).toBeInstanceOf(Mine)
  expect(new Mine('why')).toBeInstanceOf(errors.TimeoutError)
  expect(new errors.TimeoutError('why')).not.toBeInstanceOf(Mine)
})

test('nothing but the errors themselves is an instance of them', () => {
  for (const value of [undefined, null, 'TimeoutError', new Error('x'), {}]) {
    expect(value instanceof errors.TimeoutError).toBe(false)
  }
})

test('an error is described by its name and message, and whatever else was thrown by a message', () => {
  expect(describeError(new RangeError('too far'))).toEqual({ name: 'RangeError', message: 'too far' })
  expect(describeError({ message: 'no name' })).toEqual({ name: 'Error', message: 'no name' })
  expect(describeError('text')).toEqual({ name: 'Error', message: 'text' })
  expect(describeError({ code: 7 })).toEqual({ name: 'Error', message: '{ code: 7 }' })
  expect(describeError(null)).toEqual({ name: 'Error', message: 'null' })
  expect(describeError(undefined)).toBeUndefined()
})

test('an error that cannot be shown is described as that', () => {
  const cannot = () => {
    throw new Error('a bug in the error')
  }
  const unshowable = [
    { message: Object.create(null) },
    { name: Symbol.iterator, message: { toString: cannot } },
    { [inspect.custom]: cannot },
    new Proxy({}, { has: cannot }),
  ]
  for (const error of unshowable) {
    expect(describeError(error)).toEqual({ name: 'Error', message: 'an error that cannot be shown' })
  }
})
