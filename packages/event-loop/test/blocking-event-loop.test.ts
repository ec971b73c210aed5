import { coroutine } from '@fosen/coroutine'
import {
  type Awaitable,
  BlockingEventLoop,
  type Co,
  DeadlockError,
  EventLoop,
  type ExceptionContext,
  fromPromise,
  gather,
  Lock,
  Queue,
  RuntimeError,
  sleep,
  wrapFuture,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { defaultThreadPool } from '@fosen/thread-async'
import { afterAll, afterEach, beforeEach, describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { where } from './fixtures/functions.ts'

let loop: BlockingEventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new BlockingEventLoop()
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => loop.close())
afterAll(() => defaultThreadPool().shutdown())

const wait = coroutine(function* (awaitable: Awaitable<unknown>) {
  return yield* awaitable
})

describe('a BlockingEventLoop', () => {
  test('returns what the coroutine returns, and throws what it throws', () => {
    const value = loop.runUntilComplete(sleep(1, 'value'))
    expectTypeOf(value).toEqualTypeOf<string>()
    expect(value).toBe('value')
    const fail = coroutine(function* () {
      yield* sleep(0)
      throw new RangeError('thrown')
    })
    expect(() => loop.runUntilComplete(fail())).toThrow(RangeError)
    const task = loop.createTask(sleep(0, 'of a task'))
    expect([loop.runUntilComplete(task), loop.runUntilComplete(task)]).toEqual(['of a task', 'of a task'])
  })

  test('wakes for its timers, none too early, and lets nothing of Node run meanwhile', () => {
    let ran = ''
    const timeout = setTimeout(() => {
      ran = 'a timer of Node'
    })
    onTestFinished(() => clearTimeout(timeout))
    void Promise.resolve().then(() => {
      ran = 'a promise'
    })
    const times: number[] = []
    const begin = loop.time()
    for (const ms of [6, 2, 4]) loop.callAt(begin + ms, () => times.push(ms, loop.time() - begin))
    loop.runUntilComplete(sleep(10))
    expect(times.filter((_, index) => index % 2 === 0)).toEqual([2, 4, 6])
    expect(times.every((time, index) => index % 2 === 0 || time >= (times[index - 1] as number))).toBe(true)
    expect(ran).toBe('')
  })

  test('runs tasks at the same time, which exchange items', () => {
    const queue = new Queue<number>({ maxsize: 1 })
    const produce = coroutine(function* () {
      for (let item = 1; item <= 3; item++) yield* queue.put(item)
    })
    const consume = coroutine(function* () {
      let sum = 0
      for (let left = 3; left > 0; left--) sum += yield* queue.get()
      return sum
    })
    expect(loop.runUntilComplete(wait(consumeAndProduce()))).toEqual([6, undefined])
    function* consumeAndProduce() {
      return yield* gather([consume(), produce()])
    }
  })

  test('is woken by a call in another thread', () => {
    const ask = coroutine(function* () {
      return yield* wrapFuture(where())
    })
    expect(loop.runUntilComplete(ask())).toMatch(/^in /)
  })

  test('tells the exception handler of a callback that throws, and runs the next', () => {
    const order: string[] = []
    loop.callSoon(() => {
      throw new Error('thrown')
    })
    loop.callSoon(() => order.push('next'))
    loop.runUntilComplete(sleep(0))
    expect(order).toEqual(['next'])
    expect(told.map(({ error }) => error)).toEqual([new Error('thrown')])
  })

  test('runs until stop, and what is left runs the next time', () => {
    const order: string[] = []
    loop.callSoon(() => {
      order.push('first')
      loop.stop()
      loop.callSoon(() => order.push('later'))
    })
    loop.runForever()
    expect([order, loop.isRunning()]).toEqual([['first'], false])
    loop.stop()
    loop.runForever()
    expect(order).toEqual(['first', 'later'])
    loop.callSoon(() => loop.stop())
    expect(() => loop.runUntilComplete(loop.createFuture())).toThrow('stopped before Future completed')
  })
})

describe('a deadlock', () => {
  test('is an error that lists who waits, and what for', () => {
    const lock = new Lock()
    loop.createTask(wait(lock.acquire()), { name: 'has the lock' })
    loop.createTask(wait(lock.acquire()), { name: 'waits for it' })
    const main = loop.createTask(wait(loop.createFuture()), { name: 'main' })
    let error: unknown
    try {
      loop.runUntilComplete(main)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(DeadlockError)
    expect((error as Error).message).toMatch(
      /2 pending:\n {2}<Task pending name='waits for it' .*wait_for=<Future .*\n {2}<Task pending name='main' .*wait_for=<Future /,
    )
  })

  test('tells of the future that the loop is run for, or that nothing is pending', () => {
    expect(() => loop.runUntilComplete(loop.createFuture())).toThrow(
      /; 1 pending:\n {2}<Future pending cb=\[stop\(\)\]>$/,
    )
    expect(() => loop.runForever()).toThrow('nothing is left that could wake the loop, and no task is pending')
  })

  test('is one also where a time is set that never comes', () => {
    expect(() => loop.runUntilComplete(sleep(Number.POSITIVE_INFINITY))).toThrow(DeadlockError)
  })

  test('leaves the loop as it is: it runs on when there is something to do', () => {
    const future = loop.createFuture<string>()
    const task = loop.createTask(wait(future))
    expect(() => loop.runUntilComplete(task)).toThrow(DeadlockError)
    expect(() => loop.runForever()).toThrow(DeadlockError)
    expect(loop.isRunning()).toBe(false)
    future.setResult('late')
    expect(loop.runUntilComplete(sleep(1, 'later run'))).toBe('later run')
    expect(loop.runUntilComplete(task)).toBe('late')
  })
})

describe('what it refuses', () => {
  test.each<[string, (begun: () => void) => unknown]>([
    [
      'an async function',
      begun =>
        loop.createTask(async () => {
          begun()
          throw new Error('not reached')
        }),
    ],
    ['an async body', begun => new Lock().with(async () => begun())],
    ['a promise', () => wait(promiseInCoroutine())],
  ])('is %s, at once: it would never end', (_, make) => {
    let begun = false
    const work = make(() => {
      begun = true
    })
    expect(() => loop.runUntilComplete(work as Co<unknown>)).toThrow('no promise is settled meanwhile: use EventLoop')
    expect(begun).toBe(false)
    expect(loop.runUntilComplete(sleep(0, 'goes on'))).toBe('goes on')
  })

  const promiseInCoroutine = coroutine(function* () {
    return yield* fromPromise(Promise.resolve(1))
  })

  test('of a function that gives a promise is not left unhandled', async () => {
    const task = loop.createTask(() => Promise.reject(new Error('of the promise')))
    expect(() => loop.runUntilComplete(task)).toThrow('no promise is settled meanwhile')
    await new Promise(setImmediate)
    loop.close()
    expect(told.map(({ error }) => error)).toEqual([new Error('of the promise')])
  })

  test('is to run inside of a loop that runs, itself or another, in whichever part of it', async () => {
    const attempts: unknown[] = []
    const attempt = () => {
      try {
        attempts.push(loop.runUntilComplete(sleep(0)))
      } catch (error) {
        attempts.push((error as Error).message)
      }
    }
    loop.callSoon(attempt)
    loop.runUntilComplete(sleep(1))
    const [node, virtual] = [new EventLoop(), new VirtualEventLoop()]
    virtual.callSoon(attempt)
    virtual.runUntilCompleteSync(sleep(1))
    node.callSoon(attempt)
    await node.runUntilComplete(async () => {
      attempt()
      await sleep(0)
      attempt()
    })
    expect(attempts).toEqual([
      'This event loop is already running',
      ...Array(4).fill('Cannot run the event loop while another loop is running'),
    ])
    node.close()
    virtual.close()
    expect(loop.runUntilComplete(sleep(0, 'outside'))).toBe('outside')
  })

  test('is to run when it is closed, and what no loop runs', () => {
    expect(() => loop.runUntilComplete(5 as never)).toThrow(TypeError)
    const other = new EventLoop()
    expect(() => loop.runUntilComplete(other.createFuture())).toThrow('different loop')
    other.close()
    loop.callSoon(() => expect(() => loop.close()).toThrow('Cannot close a running event loop'))
    loop.runUntilComplete(sleep(0))
    loop.close()
    expect(() => loop.runUntilComplete(sleep(1))).toThrow(RuntimeError)
    expect(() => loop.runForever()).toThrow('Event loop is closed')
    expect(told).toEqual([])
  })
})
