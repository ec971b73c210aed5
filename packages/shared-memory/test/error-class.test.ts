import { errorClass, findErrorClass } from '@fosen/shared-memory'
import { describe, expect, test } from 'vitest'

function makeClass() {
  return class Copy extends Error {
    static {
      errorClass(Copy, 'test.CopyError')
    }
  }
}

describe('errorClass', () => {
  test('recognises the errors of another copy of the class', () => {
    const [One, Other] = [makeClass(), makeClass()]
    expect(new Other()).toBeInstanceOf(One)
    expect(new Error()).not.toBeInstanceOf(One)
    expect(null).not.toBeInstanceOf(One)
  })

  test('leaves subclasses their own instanceof', () => {
    const Base = makeClass()
    class Subclass extends Base {}
    expect(new Subclass()).toBeInstanceOf(Base)
    expect(new Base()).not.toBeInstanceOf(Subclass)
  })

  test.each([[undefined], [class {}], [() => {}], [new Error()]])('refuses %s, which is no class of errors', value => {
    expect(() => errorClass(value as never, 'test.NoError')).toThrow(TypeError)
  })

  test('refuses a key that is none', () => {
    expect(() => errorClass(class extends Error {}, '')).toThrow(TypeError)
    expect(() => errorClass(class extends Error {}, Symbol('key') as never)).toThrow(TypeError)
  })

  test('lets the class be found by its key, the last one of its copies', () => {
    const [, last] = [makeClass(), makeClass()]
    expect(findErrorClass('test.CopyError')).toBe(last)
    expect(findErrorClass('test.UnknownError')).toBeUndefined()
  })

  test('names the errors, in the stack too', () => {
    expect(new (makeClass())('why').stack).toMatch(/^CopyError: why\n/)
  })
})
