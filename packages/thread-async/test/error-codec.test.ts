import { decodeError, encodeError } from '@fosen/thread-async/worker'
import { describe, expect, test } from 'vitest'

/** The error as another thread gets it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it was
function sent(error: unknown): any {
  return decodeError(structuredClone(encodeError(error)))
}

describe('an error that is sent to another thread', () => {
  test('keeps own properties that are not enumerable, and is enumerable no further than it was', () => {
    const error = Object.defineProperty(new Error('why'), 'code', { value: 'E_WHY' })
    expect(sent(error).code).toBe('E_WHY')
    expect(Object.keys(sent(new Error('why')))).toEqual([])
    expect(sent(error).stack).toBe(error.stack)
  })

  test('keeps both errors of a SuppressedError', () => {
    const arrived = sent(new SuppressedError(new RangeError('later'), new TypeError('first'), 'two of them'))
    expect(arrived).toBeInstanceOf(SuppressedError)
    expect(arrived.error).toBeInstanceOf(RangeError)
    expect(arrived.suppressed).toBeInstanceOf(TypeError)
  })

  test('ends although it leads back to itself, many times', () => {
    const error = new Error('again') as Error & { cause?: unknown }
    error.cause = error
    expect(sent(error).cause.message).toBe('again')
    const several = new AggregateError([], 'several')
    several.errors.push(several, several, several)
    expect(sent(several).errors).toHaveLength(3)
    let chain = new Error('first')
    for (let i = 0; i < 10_000; i++) chain = new Error(`${i}`, { cause: chain })
    expect(sent(chain).message).toBe('9999')
  })

  test('arrives whatever it holds', () => {
    const odd = Object.assign(new Error('odd'), { errors: 5, name: Symbol('name'), helper: () => {} })
    expect(sent(odd)).toMatchObject({ message: 'odd', helper: '[Function: helper]' })
    const hostile = new Error('hostile')
    Object.defineProperty(hostile, 'message', {
      get() {
        throw new Error('no')
      },
    })
    expect(sent(hostile)).toBeInstanceOf(Error)
    expect(sent(hostile).message).toBe('the message of this error cannot be read')
    expect(sent(Symbol('thrown'))).toBe('Symbol(thrown)')
    expect(sent(undefined)).toBeUndefined()
  })
})
