import { coroutine } from '@fosen/coroutine'
import {
  type BaseEventLoop,
  BlockingEventLoop,
  CancelledError,
  ContextVar,
  copyContext,
  EventLoop,
  type ExceptionContext,
  fromPromise,
  getRunningLoop,
  Runner,
  RuntimeError,
  run,
  sleep,
  toThread,
} from '@fosen/event-loop'
import { defaultThreadPool } from '@fosen/thread-async'
import { afterAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { add, waitForGate } from './fixtures/functions.ts'

let told: ExceptionContext[]
let loops: EventLoop[]
let order: string[]
beforeEach(() => {
  told = []
  loops = []
  order = []
})
afterAll(() => defaultThreadPool().shutdown())

const loopFactory = () => {
  const loop = new EventLoop()
  loop.setExceptionHandler((_, context) => told.push(context))
  loops.push(loop)
  return loop
}
const loopOf = coroutine(function* () {
  yield* sleep(0)
  return getRunningLoop()
})
const fail = coroutine(function* (error: unknown) {
  yield* sleep(0)
  throw error
})
/** Waits for ever; cancelled, it takes a turn to clean up, and fails when it is to. */
const linger = coroutine(function* (name: string, failure?: Error) {
  try {
    yield* sleep(60_000)
  } finally {
    yield* sleep(0)
    order.push(name)
    // biome-ignore lint/correctness/noUnsafeFinally: a clean-up that fails
    if (failure) throw failure
  }
})

describe('run', () => {
  test.each([[undefined], [null], [5], [{}], [Promise.resolve()]])('refuses %s at once', value => {
    expect(() => run(value as never)).toThrow(TypeError)
  })

  test('says that a coroutine function is to be called', () => {
    expect(() => run(loopOf as never)).toThrow('run(main())')
  })

  test('refuses a loop factory that is none, or gives no loop', () => {
    expect(() => run(sleep(0), { loopFactory: 5 as never })).toThrow(TypeError)
    expect(() => run(sleep(0), { loopFactory: () => ({}) as never })).toThrow(TypeError)
  })

  test('refuses to run in a loop that is running', async () => {
    const inner = coroutine(function* () {
      yield* sleep(0)
      run(sleep(0))
    })
    await expect(run(inner())).rejects.toThrow('cannot be called from a running event loop')
  })

  test('rejects with what the coroutine throws, and closes the loop', async () => {
    await expect(run(fail(new RangeError('failed')), { loopFactory })).rejects.toThrow(new RangeError('failed'))
    expect(loops.map(loop => loop.isClosed())).toEqual([true])
    expect(told).toEqual([])
  })

  test('rejects with the cancellation that the coroutine lets out', async () => {
    await expect(run(fail(new CancelledError('own')))).rejects.toThrow(new CancelledError('own'))
  })

  test('closes the loop also when the coroutine has a task already', async () => {
    const other = new EventLoop()
    const taken = sleep(0)
    const task = other.createTask(taken)
    await expect(run(taken, { loopFactory })).rejects.toThrow(RuntimeError)
    expect(loops[0]?.isClosed()).toBe(true)
    await other.runUntilComplete(task)
    other.close()
  })

  test('gives what the coroutine returns, and closes the loop', async () => {
    const loop = await run(loopOf())
    expectTypeOf(loop).toEqualTypeOf<BaseEventLoop>()
    expect([loop instanceof EventLoop, loop.isClosed()]).toEqual([true, true])
    expect(process.listenerCount('SIGINT')).toBe(0)
  })

  test('runs an async function', async () => {
    const result = await run(async () => {
      await sleep(1)
      return 'async'
    })
    expect(result).toBe('async')
  })

  test('runs in a loop that blocks, where nothing listens for Ctrl-C', async () => {
    const main = coroutine(function* () {
      yield* sleep(0)
      return [yield* toThread(add, 1, 2), process.listenerCount('SIGINT')]
    })
    expect(await run(main(), { loopFactory: () => new BlockingEventLoop() })).toEqual([3, 0])
  })

  test.each([[true], [false]])('sets debug mode to %s', async debug => {
    const main = coroutine(function* () {
      return yield* sleep(0, getRunningLoop().getDebug())
    })
    const debugging = () => {
      const loop = new EventLoop()
      loop.setDebug(!debug)
      return loop
    }
    expect(await run(main(), { debug, loopFactory: debugging })).toBe(debug)
    expect(await run(main(), { loopFactory: debugging })).toBe(!debug)
  })

  test('runs whatever can be waited for', async () => {
    const awaitable = { [Symbol.iterator]: () => sleep(0, 'value') }
    expect(await run(awaitable)).toBe('value')
  })

  test('cancels the tasks that are left, in order, and waits for them', async () => {
    const main = coroutine(function* () {
      const loop = getRunningLoop()
      for (const name of ['a', 'b', 'c']) loop.createTask(linger(name))
      yield* sleep(0)
    })
    await run(main(), { loopFactory })
    expect([order, told]).toEqual([['a', 'b', 'c'], []])
  })

  test('tells of the failures of the tasks that are left', async () => {
    const failure = new Error('while it cleaned up')
    const main = coroutine(function* () {
      getRunningLoop().createTask(linger('a', failure))
      yield* sleep(0)
      return 'result'
    })
    expect(await run(main(), { loopFactory })).toBe('result')
    expect(told).toMatchObject([{ message: 'unhandled exception during asyncio.run() shutdown', error: failure }])
  })

  test('waits for the calls of the executor', async () => {
    const cells = new Int32Array(new SharedArrayBuffer(12))
    const ended = Promise.withResolvers<void>()
    const main = coroutine(function* () {
      getRunningLoop().runInExecutor(null, waitForGate, cells)
      while (Atomics.load(cells, 1) === 0) yield* sleep(1)
      order.push('main has ended')
      ended.resolve()
    })
    const running = run(main()).then(() => order.push(`${cells[2]} calls have ended`))
    await ended.promise
    Atomics.store(cells, 0, 1)
    await running
    expect(order).toEqual(['main has ended', '1 calls have ended'])
  })

  test('more than once at the same time runs in loops of their own', async () => {
    const [one, two] = await Promise.all([run(loopOf()), run(loopOf())])
    expect(one).not.toBe(two)
  })
})

describe('a Runner', () => {
  test('runs one coroutine after the other in one loop, until it is closed', async () => {
    const runner = new Runner({ loopFactory })
    expect([await runner.run(loopOf()), await runner.run(loopOf())]).toEqual([loops[0], loops[0]])
    expect(runner.getLoop()).toBe(loops[0])
    await runner.close()
    expect(loops[0]?.isClosed()).toBe(true)
    expect(() => runner.run(sleep(0))).toThrow('Runner is closed')
    expect(() => runner.getLoop()).toThrow(new RuntimeError('Runner is closed'))
    await runner.close()
  })

  test('has one context for its coroutines, unless it is given another', async () => {
    const variable = new ContextVar('variable', { default: 'default' })
    const next = coroutine(function* (value: string) {
      const before = variable.get()
      variable.set(value)
      return yield* sleep(0, before)
    })
    const runner = new Runner()
    const context = copyContext()
    expect([await runner.run(next('one')), await runner.run(next('two'))]).toEqual(['default', 'one'])
    expect(await runner.run(next('three'), { context })).toBe('default')
    expect([context.get(variable), await runner.run(next('four')), variable.get()]).toEqual(['three', 'two', 'default'])
    await runner.close()
  })

  test('that was not used makes no loop to close it', async () => {
    const runner = new Runner({ loopFactory })
    await runner.close()
    expect(loops).toEqual([])
  })

  test('keeps what the coroutines leave running until it is closed', async () => {
    const runner = new Runner({ loopFactory })
    runner.getLoop().createTask(linger('left'))
    await runner.run(sleep(1))
    expect(order).toEqual([])
    await runner[Symbol.asyncDispose]()
    expect(order).toEqual(['left'])
  })

  test('refuses to be closed, or to run another coroutine, while it runs one', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const runner = new Runner()
    const wait = coroutine(function* () {
      return yield* fromPromise(promise)
    })
    const running = runner.run(wait())
    await expect(runner.close()).rejects.toThrow('cannot be closed while it runs')
    await expect(runner.run(sleep(0))).rejects.toThrow('already running')
    resolve('goes on')
    expect(await running).toBe('goes on')
    await runner.close()
  })

  test('closes the loop also when its tasks cannot be waited for', async () => {
    const loop = loopFactory()
    const runner = new Runner({ loopFactory: () => loop })
    runner.getLoop().createTask(linger('left'))
    await runner.run(sleep(0))
    loop.runUntilComplete = () => Promise.reject(new Error('broken'))
    await expect(runner.close()).rejects.toThrow('broken')
    expect(loop.isClosed()).toBe(true)
    expect(told).toHaveLength(1)
  })
})
