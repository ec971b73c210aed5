import { errorClass } from '@fosen/shared-memory'
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

  test('names the errors, in the stack too', () => {
    expect(new (makeClass())('why').stack).toMatch(/^CopyError: why\n/)
  })
})
