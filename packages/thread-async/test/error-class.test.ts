import { inspect, types } from 'node:util'
import { ThreadPool } from '@fosen/thread-async'
import { afterAll, describe, expect, test } from 'vitest'
import {
  AbortedError,
  DiskQuotaError,
  exceed,
  howOften,
  QuotaError,
  SeveralError,
  TapeQuotaError,
} from './fixtures/quota.ts'

const pool = new ThreadPool({ max: 1 })
afterAll(() => pool.shutdown())

// biome-ignore lint/suspicious/noExplicitAny: whatever it was
const thrown = (kind: string): Promise<any> => pool.submit(exceed, kind).then(null, error => error)

describe('an error of a marked class that was thrown in a thread', () => {
  test('has the methods and getters of its class, and no constructor has run', async () => {
    const error = await thrown('quota')
    expect(error).toBeInstanceOf(QuotaError)
    expect(Object.getPrototypeOf(error)).toBe(QuotaError.prototype)
    expect([error.limit, error.isHard, error.double(), error.name, error.message]).toEqual([
      5,
      true,
      10,
      'QuotaError',
      '7 of 5',
    ])
    expect(Object.keys(error)).toEqual(['limit'])
    expect(howOften()).toBe(0)
  })

  test('is an error to Node, with the stack of the thread', async () => {
    const error = await thrown('quota')
    expect(types.isNativeError(error)).toBe(true)
    expect(error.stack).toMatch(/^QuotaError: 7 of 5\n {4}at exceed \(/)
    expect(inspect(error)).toMatch(/^QuotaError: 7 of 5\n/)
  })

  test('has no private fields', async () => {
    const error = await thrown('quota')
    expect(() => error.used()).toThrow(TypeError)
  })

  test('is of the nearest class that is known here', async () => {
    const disk = await thrown('disk')
    expect([disk instanceof DiskQuotaError, disk instanceof QuotaError, disk.where(), disk.double()]).toEqual([
      true,
      true,
      '/dev/sda',
      10,
    ])
    const tape = await thrown('tape')
    expect(tape).toBeInstanceOf(DiskQuotaError)
    expect(tape).not.toBeInstanceOf(TapeQuotaError)
    expect(await thrown('quota')).not.toBeInstanceOf(DiskQuotaError)
    const local = await thrown('thread')
    expect(Object.getPrototypeOf(local)).toBe(RangeError.prototype)
    expect(String(local)).toBe('ThreadError: far')
  })

  test('may be a cause, a DOMException or an AggregateError', async () => {
    const { cause } = await thrown('cause')
    expect(cause.where()).toBe('/dev/sda')
    const aborted = await thrown('aborted')
    expect(aborted).toBeInstanceOf(AbortedError)
    expect([aborted.isAbort(), String(aborted)]).toEqual([7, 'AbortedError: because'])
    const several = await thrown('several')
    expect(several).toBeInstanceOf(SeveralError)
    expect([several.count(), several.errors[0].double()]).toEqual([2, 10])
  })

  test('is an instance of every copy of its class, whichever made it', async () => {
    const specifier = './fixtures/quota.ts?copy'
    const copy: typeof import('./fixtures/quota.ts') = await import(specifier)
    expect(copy.QuotaError).not.toBe(QuotaError)
    for (const fn of [exceed, copy.exceed]) {
      const error = await pool.submit(fn, 'disk').then(null, error => error)
      expect(error).toBeInstanceOf(QuotaError)
      expect(error).toBeInstanceOf(copy.QuotaError)
      expect(error.where()).toBe('/dev/sda')
    }
  })
})
