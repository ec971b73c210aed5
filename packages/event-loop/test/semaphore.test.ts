import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { BoundedSemaphore, type CoGenerator, gather, Semaphore, sleep, type Task } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
let log: string[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  log = []
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

const taker = coroutine(function* (semaphore: Semaphore, name: string) {
  yield* semaphore.acquire()
  log.push(name)
})

const start = (semaphore: Semaphore, ...names: string[]): Task<void>[] =>
  names.map(name => loop.createTask(taker(semaphore, name)))

describe('a Semaphore', () => {
  test('refuses a value that is no count', () => {
    expect(() => new Semaphore(-1)).toThrow(
      new RangeError('the initial value of a semaphore is an integer of at least 0, not -1'),
    )
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Semaphore(value)).toThrow(RangeError)
    }
    expect(() => new Semaphore('2' as never)).toThrow(TypeError)
  })

  test('hands the permit on of a waiter that is cancelled when it is woken already', () => {
    run(function* () {
      const semaphore = new Semaphore(0)
      const [first, second, third] = start(semaphore, '1', '2', '3')
      yield* sleep(0)
      semaphore.release()
      first?.cancel()
      yield* sleep(1)
      expect([first?.cancelled(), second?.done(), third?.done()]).toEqual([true, true, false])
      third?.cancel()
      yield* sleep(0)
      expect(inspect(semaphore)).toBe('<Semaphore [locked]>')
    })
    expect(log).toEqual(['2'])
  })

  test('keeps the permit when the only one who waits is cancelled, woken already or not', () => {
    run(function* () {
      const semaphore = new Semaphore(0)
      const [woken, waiting] = start(semaphore, 'woken', 'waiting')
      yield* sleep(0)
      waiting?.cancel()
      semaphore.release()
      woken?.cancel()
      yield* sleep(1)
      expect(inspect(semaphore)).toBe('<Semaphore [unlocked, value:1]>')
    })
  })

  test('is had in the order of coming, also by those who come while somebody is woken', () => {
    run(function* () {
      const semaphore = new Semaphore(1)
      yield* semaphore.acquire()
      const tasks = start(semaphore, '1', '2')
      yield* sleep(0)
      semaphore.release()
      semaphore.release()
      semaphore.release()
      expect(semaphore.locked()).toBe(true)
      tasks.push(...start(semaphore, 'barger'))
      yield* gather(tasks)
      expect(semaphore.locked()).toBe(true)
    })
    expect(log).toEqual(['1', '2', 'barger'])
  })

  test('lets as many run the body of with as it has permits, and gives them back', () => {
    const semaphore = new Semaphore(2)
    let running = 0
    const body = function* () {
      log.push(`${++running}`)
      yield* sleep(1)
      running--
      if (log.length === 3) throw new RangeError('third')
    }
    run(function* () {
      const bodies = [1, 2, 3, 4].map(() => semaphore.with(body))
      yield* gather(bodies, { returnExceptions: true })
    })
    expect(Math.max(...log.map(Number))).toBe(2)
    expect(inspect(semaphore)).toBe('<Semaphore [unlocked, value:2]>')
  })

  test('reads like in Python', () => {
    run(function* () {
      const semaphore = new Semaphore(3)
      expect(inspect(semaphore)).toBe('<Semaphore [unlocked, value:3]>')
      for (let i = 0; i < 3; i++) yield* semaphore.acquire()
      const [task] = start(semaphore, '1')
      yield* sleep(0)
      expect(inspect(semaphore)).toBe('<Semaphore [locked, waiters:1]>')
      semaphore.release()
      if (task) yield* task
    })
  })
})

describe('a BoundedSemaphore', () => {
  test('refuses a release too many', () => {
    const semaphore = new BoundedSemaphore(1)
    expect(() => semaphore.release()).toThrow(new RangeError('BoundedSemaphore released too many times'))
    loop.runUntilCompleteSync(semaphore.acquire())
    semaphore.release()
    expect(() => semaphore.release()).toThrow(RangeError)
    expect(inspect(semaphore)).toBe('<BoundedSemaphore [unlocked, value:1]>')
  })
})
