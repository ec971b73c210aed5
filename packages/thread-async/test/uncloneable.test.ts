import { Socket } from 'node:net'
import { MessageChannel, markAsUntransferable } from 'node:worker_threads'
import { type CallOptions, ThreadPool } from '@fosen/thread-async'
import { afterAll, describe, expect, test } from 'vitest'
import { echoValue, giveFunction, yieldFunction } from './fixtures/functions.ts'

const pool = new ThreadPool({ max: 1 })
afterAll(() => pool.shutdown())

/** Why a call with that argument fails. */
const why = async (value: unknown, options: CallOptions = {}) =>
  (
    await pool
      .with(options)
      .submit(echoValue, value)
      .then(String, error => error.message)
  ).replace(/^.*?cloned: /, '')

describe('a value that cannot be cloned', () => {
  test('rejects the call with a DataCloneError that names the argument and the path, and has the original as its cause', async () => {
    const error = await pool.submit(echoValue, { options: [{ onProgress() {} }] }).then(null, error => error)
    expect(error).toBeInstanceOf(DOMException)
    expect(error).toMatchObject({ name: 'DataCloneError', code: DOMException.DATA_CLONE_ERR })
    expect(error.message).toBe('argument 1 of echoValue could not be cloned: .options[0].onProgress is a function')
    expect(error.cause).toMatchObject({ name: 'DataCloneError' })
    expect(error.stack).toContain('uncloneable.test.ts')
  })

  test('is named also in a call that waits, in a result, and in what a generator yields', async () => {
    const waiting = [1, 2, 3].map(() => pool.submit(echoValue, () => {}))
    for (const call of waiting) await expect(call).rejects.toThrow('argument 1 of echoValue could not be cloned: it is')
    const failure = pool.submit(giveFunction)
    await expect(failure).rejects.toThrow('the result of giveFunction could not be cloned: .list[0] is a function')
    expect(failure.exception()).toMatchObject({ name: 'DataCloneError', cause: { name: 'DataCloneError' } })
    const stream = Array.fromAsync(pool.submit(yieldFunction))
    await expect(stream).rejects.toThrow('a value that yieldFunction yields could not be cloned: it is a function')
  })

  const moved = new Uint8Array(1)
  structuredClone(moved, { transfer: [moved.buffer] })
  class Holder {
    readonly held: unknown
    constructor(held: unknown) {
      this.held = held
    }
  }
  test.each([
    ['it is Symbol(tag)', Symbol('tag')],
    ['[1] is a Proxy', [1, new Proxy({}, {})]],
    ['["a b"] is a WeakMap', { 'a b': new WeakMap() }],
    ['[0] is a Promise', [Promise.resolve()]],
    ['.site is a URL', { site: new URL('https://fosen.dev') }],
    ['.moved is a Uint8Array, moved before', { moved }],
    ['.get("a").f is a function', new Map([['a', { f() {} }]])],
    ['.keys()[0] is a function', new Map([[() => {}, 1]])],
    ['.values()[1][0] is a function', new Set([1, [() => {}]])],
    ['.cause is a function', new Error('why', { cause: () => {} })],
    ['.holder.held is a function (.holder is a Holder)', { holder: new Holder(() => {}) }],
    ['.f is a function', { blob: Object.assign(new Blob([]), { taken: () => {} }), f() {} }],
  ])('is found: %s', async (expected, value) => {
    expect(await why(value)).toBe(expected)
  })

  test('is found in what leads back to itself', async () => {
    const value: Record<string, unknown> = { first: { up: undefined } }
    Object.assign(value.first as object, { up: value })
    expect(await why({ ...value, f() {} })).toBe('.f is a function')
    expect(await why({ ...value, holder: new Holder(value), site: new URL('https://fosen.dev') })).toBe(
      '.site is a URL',
    )
  })

  test('is found beside what the transfer list moves', async () => {
    const { port1, port2 } = new MessageChannel()
    expect(await why({ port1, f() {} }, { transfer: [port1] })).toBe('.f is a function')
    expect(await why({ port1 })).toBe('.port1 is a MessagePort that is not in the transfer list')
    port1.close()
    port2.close()
  })

  test('may be what a getter throws', async () => {
    const value = {
      get size(): number {
        throw new RangeError('no size')
      },
    }
    expect(await why([value])).toBe('[0].size cannot be read: RangeError: no size')
    const hostile = {
      get size(): number {
        throw Object.create(null)
      },
    }
    expect(await why(hostile)).toBe('[Object: null prototype] {}')
  })

  test('is found among much else, and told by its kind when that is too much', async () => {
    const socket = new Socket()
    expect(await why({ rows: Array.from({ length: 10_000 }, (_, id) => ({ id })), socket })).toMatch(
      /^\.socket\..* \(\.socket is a Socket\)$/,
    )
    let deep: unknown = () => {}
    for (let i = 0; i < 1000; i++) deep = [deep]
    expect(await why(deep)).toBe('() => {} could not be cloned.')
    for (let i = 0; i < 1e6; i++) deep = [deep]
    expect(await why(deep)).toContain('call stack')
  })

  test('may be in the transfer list', async () => {
    const bytes = new Uint8Array(1)
    const marked = new ArrayBuffer(1)
    markAsUntransferable(marked)
    const list = async (...transfer: unknown[]) => await why(bytes, { transfer: transfer as never })
    expect(await list(bytes)).toBe('their transfer list holds a Uint8Array: list its buffer')
    expect(await list(moved.buffer)).toBe('their transfer list holds an ArrayBuffer that was moved before')
    expect(await list(new SharedArrayBuffer(1))).toBe(
      'their transfer list holds a SharedArrayBuffer, which is never moved',
    )
    expect(await list(marked)).toBe('their transfer list holds an object that was marked as untransferable')
    expect(await list(bytes.buffer, [bytes])).toBe('their transfer list holds an array: list what it holds')
    expect(await list('buffer')).toBe('their transfer list holds buffer, which is no object')
    expect(bytes.byteLength).toBe(1)
  })
})
