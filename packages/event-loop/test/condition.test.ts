import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { type CoGenerator, Condition, gather, Lock, RuntimeError, sleep, type Task } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
let condition: Condition
let log: string[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  condition = new Condition()
  log = []
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

const waiter = coroutine(function* (name: string) {
  yield* condition.acquire()
  try {
    yield* condition.wait()
    log.push(name)
  } finally {
    log.push(`${name} ${condition.locked() ? 'with' : 'without'} lock`)
    condition.release()
  }
})

function* startWaiters(...names: string[]): CoGenerator<Task<void>[]> {
  const tasks = names.map(name => loop.createTask(waiter(name)))
  yield* sleep(1)
  return tasks
}

describe('a Condition', () => {
  test('refuses what is no lock, no predicate, and no number', () => {
    expect(() => new Condition({} as never)).toThrow(new TypeError('a condition takes a lock, not {}'))
    expect(() => new Condition(null as never)).toThrow(TypeError)
    expect(() => condition.waitFor(true as never)).toThrow(new TypeError('a predicate is a function, not true'))
    for (const n of [-1, 1.5, Number.NaN]) expect(() => condition.notify(n)).toThrow(RangeError)
    expect(() => condition.notify('1' as never)).toThrow(TypeError)
  })

  test('refuses to wait and to notify while nobody has the lock', () => {
    expect(() => condition.notify()).toThrow(new RuntimeError('cannot notify on un-acquired lock'))
    expect(() => condition.notifyAll()).toThrow(new RuntimeError('cannot notify on un-acquired lock'))
    expect(() => loop.runUntilCompleteSync(condition.wait())).toThrow(
      new RuntimeError('cannot wait on un-acquired lock'),
    )
  })

  test('has the lock again before a cancelled wait throws, however often it is cancelled', () => {
    run(function* () {
      const [task] = yield* startWaiters('1')
      yield* condition.acquire()
      task?.cancel('first')
      yield* sleep(0)
      task?.cancel('second')
      yield* sleep(1)
      expect(log).toEqual([])
      condition.release()
      yield* sleep(1)
      expect(task?.cancelled()).toBe(true)
    })
    expect(log).toEqual(['1 with lock'])
  })

  test.each([
    ['before it has its turn', 0],
    ['while it waits for the lock', 1],
  ])('notifies another one when who was notified is cancelled %s', (_when, turns) => {
    run(function* () {
      const [first, second] = yield* startWaiters('1', '2')
      yield* condition.acquire()
      condition.notify()
      for (let i = 0; i < turns; i++) yield* sleep(0)
      condition.release()
      first?.cancel()
      yield* sleep(1)
      expect([first?.cancelled(), second?.done()]).toEqual([true, true])
    })
    expect(log).toEqual(['1 with lock', '2', '2 with lock'])
  })

  test('notifies as many as it is told, in the order of waiting, and each goes on when it has the lock', () => {
    run(function* () {
      const tasks = yield* startWaiters('1', '2', '3', '4')
      yield* condition.with(function* () {
        condition.notify(2)
        yield* sleep(1)
        log.push('released')
      })
      yield* sleep(1)
      expect(log).toEqual(['released', '1', '1 with lock', '2', '2 with lock'])
      yield* condition.acquire()
      condition.notifyAll()
      condition.release()
      yield* gather(tasks)
    })
    expect(log.slice(-4)).toEqual(['3', '3 with lock', '4', '4 with lock'])
  })

  test('waits for a predicate, which it asks with the lock, and gives what that gives', () => {
    let answer: number | undefined
    const result = run(function* () {
      yield* condition.acquire()
      expect(yield* condition.waitFor(() => 'at once')).toBe('at once')
      const setter = loop.createTask(
        condition.with(function* () {
          condition.notify()
          yield* sleep(1)
          answer = 42
          condition.notify()
        }),
      )
      const asked = yield* condition.waitFor(() => {
        log.push(`${condition.locked()}`)
        return answer
      })
      condition.release()
      yield* setter
      return asked
    })
    expect(result).toBe(42)
    expect(log).toEqual(['true', 'true'])
  })

  test('leaves the lock to who asks with a predicate that throws', () => {
    const failing = condition.with(() =>
      condition.waitFor(() => {
        throw new RangeError('predicate')
      }),
    )
    expect(() => loop.runUntilCompleteSync(failing)).toThrow(new RangeError('predicate'))
    expect(condition.locked()).toBe(false)
  })

  test('shares its lock with others that are given it', () => {
    const lock = new Lock()
    const [one, two] = [new Condition(lock), new Condition(lock)]
    loop.runUntilCompleteSync(one.acquire())
    expect([two.locked(), lock.locked()]).toEqual([true, true])
    two.release()
    expect(one.locked()).toBe(false)
  })

  test('reads like in Python', () => {
    expect(inspect(condition)).toBe('<Condition [unlocked]>')
    run(function* () {
      const tasks = yield* startWaiters('1', '2')
      yield* condition.acquire()
      expect(inspect(condition)).toBe('<Condition [locked, waiters:2]>')
      condition.notifyAll()
      condition.release()
      yield* gather(tasks)
    })
  })
})
