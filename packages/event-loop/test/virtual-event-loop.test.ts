import { readFile } from 'node:fs/promises'
import { coroutine } from '@fosen/coroutine'
import {
  type Awaitable,
  DeadlockError,
  EventLoop,
  fromPromise,
  gather,
  Lock,
  RuntimeError,
  sleep,
  timeout,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
  // Of the tasks that are left when it is closed.
  loop.setExceptionHandler(() => {})
})
afterEach(() => loop.close())

const wait = coroutine(function* (awaitable: Awaitable<unknown>) {
  return yield* awaitable
})

/** Runs a coroutine, in both modes. */
const modes = [
  ['runUntilComplete', (work: Awaitable<unknown>) => loop.runUntilComplete(work)],
  ['runUntilCompleteSync', async (work: Awaitable<unknown>) => loop.runUntilCompleteSync(work)],
] as const

describe.each(modes)('%s', (_, run) => {
  test('gives what the coroutine returns, and rejects with what it throws', async () => {
    expect(await run(sleep(0, 'value'))).toBe('value')
    const fails = coroutine(function* () {
      yield* sleep(1)
      throw new RangeError('thrown')
    })
    await expect(run(fails())).rejects.toThrow(RangeError)
  })

  test('jumps to the next timer, and time stands still between timers', async () => {
    expect(loop.time()).toBe(0)
    const times: number[] = []
    const work = coroutine(function* () {
      for (const ms of [86_400_000, 0, 0.5]) {
        yield* sleep(ms)
        times.push(loop.time())
      }
    })
    await run(work())
    expect(times).toEqual([86_400_000, 86_400_000, 86_400_000.5])
    await run(sleep(0.5))
    expect(loop.time()).toBe(86_400_001)
  })

  test('says which tasks wait, and what for, when nothing can wake them', async () => {
    loop.createTask(wait(new Lock().acquire()), { name: 'done before' })
    loop.createTask(wait(loop.createFuture()), { name: 'other' })
    const work = run(wait(loop.createFuture()))
    await expect(work).rejects.toThrow(DeadlockError)
    await expect(work).rejects.toThrow(/2 pending:\n.*name='other'.*wait_for=<Future pending.*\n.*wait_for=<Future/)
  })

  test('says which future it is run for, when that is no task', async () => {
    const message = /; 1 pending:\n {2}<Future pending cb=\[.*\]>$/
    await expect(loop.runUntilComplete(loop.createFuture())).rejects.toThrow(message)
    expect(() => loop.runUntilCompleteSync(loop.createFuture())).toThrow(message)
  })

  test('does not wait for a time that never comes', async () => {
    await expect(run(sleep(Number.POSITIVE_INFINITY))).rejects.toThrow(DeadlockError)
    expect(loop.time()).toBe(0)
  })

  test('runs again after a deadlock, and what was waited for then stops no later run', async () => {
    const future = loop.createFuture<string>()
    const task = loop.createTask(wait(future))
    await expect(run(task)).rejects.toThrow(DeadlockError)
    future.setResult('late')
    expect(await run(sleep(1, 'later run'))).toBe('later run')
    expect(task.result()).toBe('late')
  })

  test('refuses to run twice at a time, when it is closed, and what no loop runs', async () => {
    let second: Promise<unknown> | undefined
    loop.callSoon(() => {
      second = run(sleep(1))
      second.catch(() => {})
    })
    await run(sleep(1))
    await expect(second).rejects.toThrow('already running')
    await expect(run(5 as never)).rejects.toThrow(TypeError)
    const other = new EventLoop()
    await expect(run(other.createFuture())).rejects.toThrow('different loop')
    other.close()
    loop.close()
    await expect(run(sleep(1))).rejects.toThrow('Event loop is closed')
  })

  test('stops after the batch in which stop is called', async () => {
    const order: string[] = []
    loop.callSoon(() => loop.stop())
    loop.callSoon(() => order.push('same batch'))
    loop.callSoon(() => loop.callSoon(() => order.push('next batch')))
    await expect(run(sleep(1))).rejects.toThrow('stopped before Future completed')
    expect([loop.isRunning(), order]).toEqual([false, ['same batch']])
  })
})

describe('runUntilComplete', () => {
  test('runs async functions, whose promises it waits for when nothing else is left', async () => {
    const order: string[] = []
    loop.callLater(1000, () => order.push(`timer at ${loop.time()}`))
    const text = await loop.runUntilComplete(async () => {
      const text = await readFile(import.meta.filename, 'utf8')
      order.push(`read at ${loop.time()}`)
      await sleep(500)
      order.push(`slept at ${loop.time()}`)
      return text
    })
    expect(text).toContain('only this file')
    expect(order).toEqual(['timer at 1000', 'read at 1000', 'slept at 1500'])
  })

  test('waits for promises of coroutines, too', async () => {
    const work = coroutine(function* () {
      return yield* fromPromise(readFile(import.meta.filename, 'utf8'))
    })
    expect(await loop.runUntilComplete(work())).toContain('only this file')
  })

  test.each([[1000], [0]])('lets Node bring a promise in spite of a task that sleeps(%i) for ever', async ms => {
    const beat = coroutine(function* () {
      for (;;) yield* sleep(ms)
    })
    const task = loop.createTask(beat())
    expect(await loop.runUntilComplete(() => readFile(import.meta.filename, 'utf8'))).toContain('only this file')
    task.cancel()
  })

  test('finds the deadlock of async functions', async () => {
    const future = loop.createFuture()
    loop.createTask(async () => await future, { name: 'native' })
    await expect(loop.runUntilComplete(async () => await loop.createFuture())).rejects.toThrow(
      /2 pending:.*\n.*'native'/,
    )
  })

  test('finds a deadlock though a promise is pending, for which nobody waits any more', async () => {
    const work = coroutine(function* () {
      yield* fromPromise(new Promise(() => {}))
    })
    const task = loop.createTask(work())
    loop.callSoon(() => task.cancel())
    await expect(loop.runUntilComplete(loop.createFuture())).rejects.toThrow(DeadlockError)
    expect([task.cancelled(), loop.outside]).toEqual([true, 0])
  })

  test('finds the deadlock of an async function that a promise has let go on', async () => {
    const work = async () => {
      await readFile(import.meta.filename)
      await loop.createFuture()
    }
    await expect(loop.runUntilComplete(work)).rejects.toThrow(DeadlockError)
  })

  test('finds the deadlock of a coroutine whose async body a promise has let end', async () => {
    const work = coroutine(function* () {
      yield* timeout(undefined, () => readFile(import.meta.filename))
      yield* loop.createFuture()
    })
    await expect(loop.runUntilComplete(work())).rejects.toThrow(DeadlockError)
  })

  test('is woken from outside while it waits for a promise', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const running = loop.runUntilComplete(() => promise)
    await new Promise(setImmediate)
    const called = new Promise<void>(resolve => void loop.callSoonThreadsafe(resolve))
    await called
    resolve('at last')
    expect(await running).toBe('at last')
  })
})

describe('runUntilCompleteSync', () => {
  test.each([
    ['an async function', () => loop.createTask(async () => {})],
    ['an async body', () => new Lock().with(async () => {})],
    ['a promise', () => wait(fromPromiseSoon())],
  ])('refuses %s', (_, make) => {
    const main = coroutine(function* () {
      return yield* make() as Awaitable<unknown>
    })
    expect(() => loop.runUntilCompleteSync(main())).toThrow(RuntimeError)
    expect(loop.runUntilCompleteSync(sleep(1, 'goes on'))).toBe('goes on')
  })

  const fromPromiseSoon = coroutine(function* () {
    return yield* fromPromise(Promise.resolve(1))
  })

  test('runs in a test that has a loop of its own running', async () => {
    const outer = new EventLoop()
    const main = coroutine(function* () {
      const inner = loop.runUntilCompleteSync(sleep(60_000, 'inner'))
      return [inner, yield* sleep(1, 'outer')]
    })
    expect(await outer.runUntilComplete(main())).toEqual(['inner', 'outer'])
    outer.close()
  })
})

describe('a seed', () => {
  const orderOf = (seed: number | undefined, callbacks = false) => {
    const seeded = new VirtualEventLoop({ seed })
    const order: string[] = []
    const work = coroutine(function* (name: string) {
      for (let turn = 0; turn < 3; turn++) {
        order.push(`${name}${turn}`)
        yield* sleep(turn)
      }
    })
    const main = coroutine(function* () {
      if (callbacks) for (const name of 'abcdefgh') seeded.callSoon(() => order.push(name))
      else yield* gather([...'abcdefgh'].map(name => work(name)))
      yield* sleep(1)
    })
    seeded.runUntilCompleteSync(main())
    seeded.close()
    return order.join(' ')
  }

  test('has the tasks run in another order, which is the same for the same seed', () => {
    const seeds = [0, 1, 2, -1, 2 ** 31]
    const orders = seeds.map(seed => orderOf(seed))
    expect(seeds.map(seed => orderOf(seed))).toEqual(orders)
    expect(new Set([orderOf(undefined), ...orders]).size).toBe(6)
  })

  test('is kept by async functions', async () => {
    const nativeOrder = async (seed: number) => {
      const seeded = new VirtualEventLoop({ seed })
      const order: string[] = []
      const work = async (name: string) => {
        for (let turn = 0; turn < 3; turn++) {
          order.push(`${name}${turn}`)
          await sleep(turn)
        }
      }
      const tasks = [...'abcdefgh'].map(name => seeded.createTask(() => work(name)))
      await seeded.runUntilComplete(gather(tasks))
      seeded.close()
      return order.join(' ')
    }
    const orders = [await nativeOrder(1), await nativeOrder(2)]
    expect([await nativeOrder(1), await nativeOrder(2)]).toEqual(orders)
    expect(orders[0]).not.toBe(orders[1])
  })

  test('leaves the order of callbacks alone', () => {
    for (const seed of [1, 2, 3]) expect(orderOf(seed, true)).toBe('a b c d e f g h')
  })

  test.each([[Number.NaN], [2 ** 32], [0.5], ['1'], [2 ** 53], [2 ** 32], [null]])('is not %s', seed => {
    expect(() => new VirtualEventLoop({ seed: seed as never })).toThrow(RangeError)
  })
})
