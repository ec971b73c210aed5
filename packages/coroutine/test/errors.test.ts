import { GeneratorExit, RuntimeError, StopIteration } from '@fosen/coroutine'
import { describe, expect, test } from 'vitest'

const classes: [string, new (...args: never[]) => Error][] = [
  ['StopIteration', StopIteration],
  ['GeneratorExit', GeneratorExit],
  ['RuntimeError', RuntimeError],
]

describe.each(classes)('%s', (name, Class) => {
  test('has its name, and recognises errors of other copies of its class', async () => {
    const copy = await import(`../src/errors.ts?copy=${name}`)
    const error = new copy[name]()
    expect(error).not.toBeInstanceOf(class extends Class {})
    expect(Object.getPrototypeOf(error)).not.toBe(Class.prototype)
    expect(error).toBeInstanceOf(Class)
    expect(error.name).toBe(name)
  })

  test('takes no other value for one of its own', () => {
    for (const value of [undefined, null, 5, {}, new Error(name)]) expect(value instanceof Class).toBe(false)
  })
})

test('a subclass recognises its own errors only', () => {
  class Drained extends StopIteration {}
  const [plain, drained] = [new StopIteration(1), new Drained(1)]
  expect([plain instanceof Drained, drained instanceof Drained, drained instanceof StopIteration]).toEqual([
    false,
    true,
    true,
  ])
})
