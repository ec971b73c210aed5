import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { CancelledError, type CoGenerator, gather, Lock, RuntimeError, sleep, type Task } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
let lock: Lock
let log: string[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  lock = new Lock()
  log = []
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

/** Takes the lock, and keeps it. */
const taker = coroutine(function* (name: string) {
  try {
    yield* lock.acquire()
    log.push(name)
  } catch (error) {
    if (error instanceof CancelledError) log.push(`${name} cancelled`)
    throw error
  }
})

const start = (...names: string[]): Task<void>[] => names.map(name => loop.createTask(taker(name)))

describe('a Lock', () => {
  test('refuses to be released by who has not taken it', () => {
    expect(() => lock.release()).toThrow(new RuntimeError('Lock is not acquired.'))
  })

  test('refuses a body that is no function, at once', () => {
    expect(() => lock.with('body' as never)).toThrow(new TypeError("a body is a function, not 'body'"))
  })

  test('refuses to be waited for in two loops, and to be waited for in none', () => {
    const acquire = lock.acquire()
    acquire.next()
    expect(() => lock.acquire().next()).toThrow(RuntimeError)
    run(function* () {
      const [waiter] = start('here')
      yield* sleep(0)
      waiter?.cancel()
    })
    const other = new VirtualEventLoop()
    expect(() => other.runUntilCompleteSync(lock.acquire())).toThrow(
      new RuntimeError('<Lock [locked]> is bound to a different event loop'),
    )
    other.close()
  })

  test('is taken when the coroutine runs, not when it is made', () => {
    const acquire = lock.acquire()
    expect(lock.locked()).toBe(false)
    expect(loop.runUntilCompleteSync(acquire)).toBe(true)
    expect(lock.locked()).toBe(true)
  })

  test('is had in the order of waiting, also before those who come while it is free', () => {
    run(function* () {
      yield* lock.acquire()
      const visit = (name: string) =>
        lock.with(function* () {
          log.push(name)
          yield* sleep(1)
        })
      const tasks = ['1', '2'].map(name => loop.createTask(visit(name)))
      yield* sleep(0)
      lock.release()
      expect(lock.locked()).toBe(false)
      yield* visit('late')
      yield* gather(tasks)
    })
    expect(log).toEqual(['1', '2', 'late'])
  })

  test('is not had by a waiter that was cancelled, but by the next one', () => {
    run(function* () {
      yield* lock.acquire()
      const [first, second] = start('1', '2')
      yield* sleep(0)
      first?.cancel()
      lock.release()
      yield* sleep(1)
      expect(first?.cancelled()).toBe(true)
      expect(second?.done()).toBe(true)
    })
    expect(log).toEqual(['1 cancelled', '2'])
  })

  test('is passed on by a waiter that is cancelled when it is woken already', () => {
    run(function* () {
      yield* lock.acquire()
      const [first] = start('1', '2')
      yield* sleep(0)
      lock.release()
      first?.cancel()
      yield* sleep(1)
    })
    expect(log).toEqual(['1 cancelled', '2'])
    expect(inspect(lock)).toBe('<Lock [locked]>')
  })

  test('is passed on by a coroutine that is closed where it waits', () => {
    run(function* () {
      yield* lock.acquire()
      const closed = lock.acquire()
      closed.next()
      start('2')
      yield* sleep(0)
      lock.release()
      closed.return(true)
      yield* sleep(1)
    })
    expect(log).toEqual(['2'])
  })

  test('is had at once when all who wait are cancelled', () => {
    run(function* () {
      yield* lock.acquire()
      const [first] = start('1')
      yield* sleep(0)
      first?.cancel()
      lock.release()
      yield* lock.acquire()
      log.push('main')
    })
    expect(log).toEqual(['main', '1 cancelled'])
  })

  test('reads like in Python', () => {
    expect(inspect(lock)).toBe('<Lock [unlocked]>')
    run(function* () {
      yield* lock.acquire()
      const tasks = start('1', '2')
      yield* sleep(0)
      expect(inspect({ lock })).toBe('{ lock: <Lock [locked, waiters:2]> }')
      lock.release()
      expect(inspect(lock)).toBe('<Lock [unlocked, waiters:2]>')
      yield* sleep(0)
      lock.release()
      yield* gather(tasks)
    })
  })
})

describe('with of a Lock', () => {
  test('gives the lock back when the body throws, and throws what it has thrown', () => {
    const body = function* () {
      yield* sleep(1)
      throw new RangeError('body')
    }
    expect(() => loop.runUntilCompleteSync(lock.with(body))).toThrow(new RangeError('body'))
    expect(lock.locked()).toBe(false)
  })

  test('gives the lock back when the body is cancelled, and takes none when it is cancelled before', () => {
    run(function* () {
      const sleeping = () => sleep(60_000)
      const [running, waiting] = [loop.createTask(lock.with(sleeping)), loop.createTask(lock.with(sleeping))]
      yield* sleep(0)
      waiting.cancel()
      yield* sleep(0)
      expect(inspect(lock)).toBe('<Lock [locked]>')
      running.cancel()
      yield* sleep(0)
      expect(lock.locked()).toBe(false)
    })
  })

  test('gives what the body returns', () => {
    expect(loop.runUntilCompleteSync(lock.with(() => sleep(1, 'value')))).toBe('value')
  })

  test('says that the body has given the lock back itself', () => {
    const body = function* () {
      lock.release()
      yield* sleep(0)
    }
    expect(() => loop.runUntilCompleteSync(lock.with(body))).toThrow('Lock is not acquired.')
  })
})
