import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile } from 'node:child_process'
import { tracingChannel } from 'node:diagnostics_channel'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Mutex, TimeoutError } from '@fosen/shared-memory'
import { asyncCall, defaultThreadPool, type ThreadFuture, ThreadPool, withOptions } from '@fosen/thread-async'
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest'
import { broken } from './fixtures/broken.ts'
import {
  addAsync,
  fail,
  giveMutex,
  holds,
  holdsParts,
  inOwnThread,
  KnownError,
  nested,
  type Parts,
  seesModule,
} from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

afterAll(() => defaultThreadPool().shutdown())

const run = (fixture: string) =>
  promisify(execFile)(process.execPath, [fileURLToPath(new URL(`fixtures/${fixture}.ts`, import.meta.url))])

const failure = (kind: string) =>
  defaultThreadPool()
    .submit(fail, kind)
    .then(
      () => {},
      error => error,
    )

describe('asyncCall', () => {
  test('runs the function with what it sees of its module', async () => {
    expect(await seesModule()).toBe('of the module')
  })

  test('runs calls made by a call', async () => {
    expect(await defaultThreadPool().submit(nested)).toBe('of the module')
  })

  test('passes shareable objects and shared memory by reference', async () => {
    const mutex = new Mutex()
    using _held = mutex.acquireSync()
    expect(await defaultThreadPool().submit(holds, mutex, new SharedArrayBuffer(16))).toEqual([true, 16])
    await expect(defaultThreadPool().submit(giveMutex)).rejects.toThrow('not its result')
  })

  test('passes shareable objects by reference also as parts of arguments, of calls that wait too', async () => {
    const mutex = new Mutex()
    using _held = mutex.acquireSync()
    const parts: Parts = { list: [1, mutex], map: new Map([['mutex', mutex]]) }
    parts.map.set('whole', parts)
    parts.whole = parts
    await using pool = new ThreadPool({ max: 1 })
    const calls = Array.from({ length: 200 }, () => pool.submit(holdsParts, parts, mutex))
    for (const call of calls) expect(await call).toEqual([true, 3, true])
    expect(parts.list[1]).toBe(mutex)
    expect(() => structuredClone(parts)).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
    const bad = { list: [mutex], map: new Map([[Symbol('no'), mutex]]) }
    await expect(pool.submit(holdsParts, bad, mutex)).rejects.toThrow(
      'argument 1 of holdsParts could not be cloned: .map.keys()[0] is Symbol(no)',
    )
  })

  test('gives what a pool runs in its threads, too, and takes what is portable', async () => {
    expect(seesModule.name).toBe('seesModule')
    expect(await defaultThreadPool().submit(seesModule)).toBe('of the module')
    expect(await addAsync(1, 2)).toBe(3)
  })

  test('of a module that fails when a thread imports it fails each time with that error', async () => {
    await expect(broken()).rejects.toThrow('broken in threads')
    await expect(broken()).rejects.toThrow('broken in threads')
  })

  test('lets all that a thread has printed appear before the program ends', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('')
    expect((await run('prints')).stdout).toBe(lines)
  })

  test('with a thread of its own for each call runs as many at a time as there are', async () => {
    const gate = new Gate()
    const futures = Array.from({ length: 5 }, () => inOwnThread(gate.cells))
    await gate.arrived(5)
    gate.open()
    expect(await Promise.all(futures)).toEqual(Array(5).fill('inOwnThread-1'))
    expect(() => asyncCall({ url: 'file:///own.js' }, function f() {}, { thread: 'any' as never })).toThrow(TypeError)
  })

  test('takes options for its calls', async () => {
    await expect(withOptions(inOwnThread, { timeout: 5, grace: 0 })(new Gate().cells)).rejects.toThrow(TimeoutError)
    expect(() => withOptions(holds as never, {})).toThrow(TypeError)
    expect(() => withOptions(seesModule, { timeout: -1 })).toThrow(RangeError)
  })

  test('publishes its calls on a tracing channel', async () => {
    const events: [string, unknown][] = []
    const told = (event: string) => (message: unknown) => void events.push([event, { ...(message as object) }])
    const subscribers = {
      start: told('start'),
      end: told('end'),
      asyncStart: told('asyncStart'),
      asyncEnd: told('asyncEnd'),
      error: told('error'),
    }
    const channel = tracingChannel('fosen:thread-async:call')
    channel.subscribe(subscribers)
    await seesModule()
    const failed = await failure('range')
    channel.unsubscribe(subscribers)
    await seesModule()
    const call = { pool: 'fosen', module: expect.stringMatching(/functions\.ts$/), name: 'seesModule' }
    expect(events.slice(0, 4)).toEqual([
      ['start', call],
      ['end', call],
      ['asyncStart', { ...call, result: 'of the module' }],
      ['asyncEnd', { ...call, result: 'of the module' }],
    ])
    expect(events[4 + 2]).toEqual(['error', { ...call, name: 'fail', error: failed }])
    expect(events).toHaveLength(4 + 5)
  })

  test('keeps the AsyncLocalStorage context of the caller', async () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    await storage.run('caller', async () => {
      const future = seesModule()
      future.addDoneCallback(() => seen.push(storage.getStore()))
      await future
      seen.push(storage.getStore())
    })
    expect(seen).toEqual(['caller', 'caller'])
  })

  test('lets a program end by itself after its calls', async () => {
    expect((await run('guarded')).stdout).toBe('done\n')
  })

  test('shows the guard to a program that has none', async () => {
    const error = await run('unguarded').then(null, error => error)
    expect(error.code).toBe(1)
    expect(error.stderr).toContain('MissingGuardError')
    expect(error.stderr).toContain('if (import.meta.main) {')
  })

  test('reports a failure that nobody looked at as an unhandled rejection', async () => {
    expect((await run('unobserved')).stdout).toBe('unhandled: RangeError: nobody looked\n')
  })

  test('has the types of the function', () => {
    const meta = { url: 'file:///types.js' }
    const sync = asyncCall(meta, function sync(a: number, b?: string) {
      return [a, b] as const
    })
    expectTypeOf(sync).toEqualTypeOf<(a: number, b?: string) => ThreadFuture<readonly [number, string | undefined]>>()
    const awaited = asyncCall(meta, async function awaited() {
      return 1
    })
    expectTypeOf(awaited).toEqualTypeOf<() => ThreadFuture<number>>()
    const union = asyncCall(meta, function union(a: number): number | string {
      return a
    })
    expectTypeOf(union).returns.toEqualTypeOf<ThreadFuture<string | number>>()
    const never = asyncCall(meta, function never(): never {
      throw new Error()
    })
    expectTypeOf(never).returns.toEqualTypeOf<ThreadFuture<never>>()
    const generic = asyncCall(meta, function generic<T>(value: T): T {
      return value
    })
    expectTypeOf(generic<string>).returns.toEqualTypeOf<ThreadFuture<string>>()
  })
})

describe('an error thrown in a thread', () => {
  test('keeps class, message, code, own properties and stack', async () => {
    const error = await failure('range')
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ message: 'out of range', name: 'RangeError', code: 'E_RANGE', context: { at: 3 } })
    expect(error.stack).toMatch(/functions\.ts/)
  })

  test('is an instance of a class that both sides know, with its cause', async () => {
    const error = await failure('known')
    expect(error).toBeInstanceOf(KnownError)
    expect(error).toMatchObject({ name: 'KnownError', limit: 5 })
    expect(error.cause).toBeInstanceOf(TypeError)
    expect(error.cause.message).toBe('the cause')
  })

  test('keeps the errors of an AggregateError', async () => {
    const error = await failure('aggregate')
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.errors).toEqual([new SyntaxError('one'), 'two'])
  })

  test('stays a DOMException of its name', async () => {
    const error = await failure('abort')
    expect(error).toBeInstanceOf(DOMException)
    expect(error.name).toBe('AbortError')
  })

  test('arrives although a property of it cannot be cloned', async () => {
    expect(await failure('uncloneable')).toMatchObject({ message: 'holds a function', helper: '[Function: helper]' })
  })

  test('may be any value', async () => {
    expect(await failure('just text')).toBe('just text')
  })
})
