import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  EventLoop,
  type Future,
  fromPromise,
  gather,
  InvalidStateError,
  RuntimeError,
  type Suspend,
  sleep,
} from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

const main = <T>(body: () => Generator<Suspend, T>) => loop.runUntilComplete(coroutine(body)())

describe('a task', () => {
  test('runs at the same time as others, in turns', async () => {
    const order: string[] = []
    const work = coroutine(function* (name: string) {
      for (let i = 0; i < 2; i++) {
        order.push(`${name}${i}`)
        yield* sleep(0)
      }
    })
    const tasks = [loop.createTask(work('a')), loop.createTask(work('b'))]
    expect(order).toEqual([])
    await loop.runUntilComplete(gather(tasks))
    expect(order).toEqual(['a0', 'b0', 'a1', 'b1'])
  })

  test('is a future: pending, then done with its result', async () => {
    const task = loop.createTask(sleep(1, 'value'))
    expect(() => task.result()).toThrow(InvalidStateError)
    expect(() => task.exception()).toThrow(InvalidStateError)
    expect(await loop.runUntilComplete(task)).toBe('value')
    expect([task.done(), task.cancelled(), task.result(), task.exception()]).toEqual([true, false, 'value', undefined])
  })

  test('has a name', () => {
    expect(loop.createTask(sleep(0), { name: 'reader' }).getName()).toBe('reader')
    expect(loop.createTask(sleep(0)).getName()).toMatch(/^Task-\d+$/)
  })

  test('is told when it yields without a star, waits for itself, or for a future of another loop', async () => {
    const other = new EventLoop()
    const attempts = [
      function* () {
        yield loop.createFuture() as never
      },
      function* (): Generator {
        yield* own
      },
      function* (): Generator {
        yield* other.createFuture()
      },
    ]
    const messages: unknown[] = []
    let own = loop.createFuture() as Future<unknown>
    for (const attempt of attempts) {
      const task = loop.createTask(coroutine(attempt)() as never)
      own = task
      await loop.runUntilComplete(task).catch(error => messages.push(error))
    }
    expect(messages).toEqual([
      expect.objectContaining({ name: 'RuntimeError', message: expect.stringContaining('yield* instead of yield') }),
      expect.objectContaining({ message: expect.stringContaining('cannot await itself') }),
      expect.objectContaining({ message: expect.stringContaining('future of another loop') }),
    ])
    other.close()
  })

  test.each([[5], [null], [function* () {}], [Promise.resolve()]])('is not made of %s', value => {
    expect(() => loop.createTask(value as never)).toThrow(TypeError)
  })
})

describe('cancel', () => {
  test('raises CancelledError where the task waits, and runs its finally blocks', async () => {
    const order: string[] = []
    const work = coroutine(function* () {
      try {
        yield* sleep(60_000)
      } finally {
        yield* sleep(0)
        order.push('cleaned up')
      }
    })
    const task = loop.createTask(work())
    loop.callSoon(() => expect(task.cancel('enough')).toBe(true))
    await expect(loop.runUntilComplete(task)).rejects.toThrow('enough')
    expect([task.cancelled(), task.cancel()]).toEqual([true, false])
    expect(order).toEqual(['cleaned up'])
  })

  test('before the task has begun keeps its body from running', async () => {
    let ran = false
    const body = coroutine(function* () {
      ran = true
      yield* sleep(0)
    })
    const task = loop.createTask(body())
    expect(task.cancel()).toBe(true)
    expect(task.cancelled()).toBe(false)
    await expect(loop.runUntilComplete(task)).rejects.toThrow(CancelledError)
    expect([ran, task.cancelled()]).toEqual([false, true])
  })

  test('can be caught: the task goes on', async () => {
    const stubborn = coroutine(function* () {
      try {
        yield* sleep(60_000)
      } catch (error) {
        return error instanceof CancelledError
      }
      return 'not cancelled'
    })
    const task = loop.createTask(stubborn())
    loop.callSoon(() => task.cancel())
    expect(await loop.runUntilComplete(task)).toBe(true)
    expect(task.cancelled()).toBe(false)
  })

  test('reaches the task that is waited for', async () => {
    const inner = loop.createTask(sleep(60_000))
    const outer = loop.createTask(
      coroutine(function* () {
        yield* inner
      })(),
    )
    loop.callSoon(() => outer.cancel())
    await expect(loop.runUntilComplete(outer)).rejects.toThrow(CancelledError)
    expect(inner.cancelled()).toBe(true)
  })
})

describe('a future', () => {
  test('is given one outcome', () => {
    const future = loop.createFuture<number>()
    future.setResult(1)
    expect(() => future.setResult(2)).toThrow(InvalidStateError)
    expect(() => future.setException(new Error())).toThrow(InvalidStateError)
    expect(future.cancel()).toBe(false)
  })

  test('calls back in the next turn, in order, also when it is done already', async () => {
    const order: string[] = []
    const future = loop.createFuture<number>()
    const removed = () => order.push('removed')
    future.addDoneCallback(() => order.push('a'))
    future.addDoneCallback(removed)
    future.addDoneCallback(() => order.push('b'))
    expect(future.removeDoneCallback(removed)).toBe(1)
    future.setResult(1)
    future.addDoneCallback(() => order.push('late'))
    expect(order).toEqual([])
    await loop.runUntilComplete(sleep(0))
    expect(order).toEqual(['a', 'b', 'late'])
  })

  test('can be awaited by native code', async () => {
    const future = loop.createFuture<string>()
    const awaited = (async () => await future)()
    loop.callSoon(() => future.setResult('awaited'))
    await loop.runUntilComplete(future)
    expect(await awaited).toBe('awaited')
  })
})

describe('gather', () => {
  test('gives the results in the order of its arguments, and runs one that stands twice once', async () => {
    let runs = 0
    const once = coroutine(function* () {
      runs++
      return yield* sleep(1, 7)
    })()
    const results = await main(function* () {
      const all = yield* gather([sleep(2, 'slow'), once, once] as const)
      expectTypeOf(all).toEqualTypeOf<[string, number, number]>()
      return all
    })
    expect(results).toEqual(['slow', 7, 7])
    expect(runs).toBe(1)
  })

  test('of nothing is done at once', async () => {
    const body = function* () {
      return yield* gather([])
    }
    expect(await main(body)).toEqual([])
  })

  test('fails with the first error, and the others go on', async () => {
    const gate = loop.createFuture<string>()
    const wait = coroutine(function* () {
      return yield* gate
    })
    const survivor = loop.createTask(wait())
    const failing = coroutine(function* () {
      yield* sleep(1)
      throw new RangeError('first')
    })
    await expect(loop.runUntilComplete(gather([survivor, failing()]))).rejects.toThrow(RangeError)
    expect(survivor.done()).toBe(false)
    gate.setResult('alive')
    expect(await loop.runUntilComplete(survivor)).toBe('alive')
  })

  test('with returnExceptions gives errors among the results', async () => {
    const task = loop.createTask(sleep(60_000))
    loop.callSoon(() => task.cancel())
    const failing = coroutine(function* () {
      yield* sleep(0)
      throw new RangeError('one')
    })
    const all = gather([task, failing(), sleep(0, 'fine')], { returnExceptions: true })
    expect(await loop.runUntilComplete(all)).toEqual([new CancelledError(), new RangeError('one'), 'fine'])
  })

  test('cancels its children when it is cancelled, and is done when they are', async () => {
    const children = [loop.createTask(sleep(60_000)), loop.createTask(sleep(60_000))]
    const all = gather(children)
    loop.callSoon(() => {
      expect(all.cancel()).toBe(true)
      expect(all.done()).toBe(false)
    })
    await expect(loop.runUntilComplete(all)).rejects.toThrow(CancelledError)
    expect(children.map(child => child.cancelled())).toEqual([true, true])
  })

  test('needs a running loop for coroutines', () => {
    expect(() => gather([sleep(0)])).toThrow(RuntimeError)
  })
})

describe('fromPromise', () => {
  test('waits for a promise, and raises what it rejects with', async () => {
    const value = await main(function* () {
      try {
        yield* fromPromise(Promise.reject(new RangeError('rejected')))
      } catch (error) {
        return [error, yield* fromPromise(Promise.resolve('resolved'))]
      }
      return 'not raised'
    })
    expect(value).toEqual([new RangeError('rejected'), 'resolved'])
  })

  test('leaves a promise alone whose waiter was cancelled', async () => {
    const { promise, reject } = Promise.withResolvers<void>()
    const task = loop.createTask(
      coroutine(function* () {
        yield* fromPromise(promise)
      })(),
    )
    loop.callSoon(() => task.cancel())
    await expect(loop.runUntilComplete(task)).rejects.toThrow(CancelledError)
    reject(new Error('too late for anybody'))
  })

  test.each([[5], [null], [{}]])('refuses %s', async value => {
    const body = function* () {
      yield* fromPromise(value as never)
    }
    await expect(main(body)).rejects.toThrow(TypeError)
  })
})

test.each([[Number.NaN], ['1'], [undefined]])('a sleep of %s is refused at once', ms => {
  expect(() => sleep(ms as never)).toThrow(RangeError)
})
