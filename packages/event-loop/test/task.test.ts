import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  type CoGenerator,
  EventLoop,
  type Future,
  fromPromise,
  gather,
  InvalidStateError,
  RuntimeError,
  type Suspend,
  sleep,
  Task,
} from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest'

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

  test('has a name', async () => {
    const [named, unnamed] = [loop.createTask(sleep(0), { name: 'reader' }), loop.createTask(sleep(0))]
    expect(named.getName()).toBe('reader')
    expect(unnamed.getName()).toMatch(/^Task-\d+$/)
    await loop.runUntilComplete(gather([named, unnamed]))
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
      expect.objectContaining({ message: expect.stringContaining('cannot await on itself') }),
      expect.objectContaining({ message: expect.stringContaining('attached to a different loop') }),
    ])
    other.close()
  })

  test.each([[5], [null], [function* () {}], [Promise.resolve()]])('is not made of %s', value => {
    expect(() => loop.createTask(value as never)).toThrow(TypeError)
    expect(() => new Task(value as never, { loop })).toThrow(TypeError)
  })

  test('is made of a coroutine, which has one, and not of a future', async () => {
    const plain = (function* (): CoGenerator<number> {
      yield* sleep(0)
      return 1
    })()
    const task = loop.createTask(plain)
    expectTypeOf(task).toEqualTypeOf<Task<number>>()
    expect(() => loop.createTask(plain)).toThrow('cannot reuse already awaited coroutine')
    expect(await loop.runUntilComplete(task)).toBe(1)
    // @ts-expect-error a future is not a coroutine
    expect(() => loop.createTask(loop.createFuture())).toThrow(TypeError)
  })

  test('has the outcome of its coroutine, and takes no other', async () => {
    const task = loop.createTask(sleep(0, 'own'))
    expect(() => task.setResult('forced')).toThrow('Task does not support set_result operation')
    expect(() => task.setException(new Error())).toThrow(RuntimeError)
    expect(await loop.runUntilComplete(task)).toBe('own')
  })

  test('gives up its turn only, whatever was stepped by hand before', async () => {
    const body = function* () {
      const stepped = sleep(60_000)
      stepped.next()
      yield* sleep(0)
      stepped.return(undefined)
      return 'at once'
    }
    expect(await main(body)).toBe('at once')
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

  test('by the task itself is raised where it waits next', async () => {
    const task: Task<unknown> = loop.createTask(
      coroutine(function* () {
        task.cancel('own')
        try {
          yield* sleep(60_000)
        } catch (error) {
          return error
        }
      })(),
    )
    expect(await loop.runUntilComplete(task)).toEqual(new CancelledError('own'))
  })

  test('by the task itself cancels it when it returns without having waited', async () => {
    const task: Task<unknown> = loop.createTask(
      // biome-ignore lint/correctness/useYield: it does not wait
      coroutine(function* (): CoGenerator<unknown> {
        return task.cancel('own')
      })(),
    )
    await expect(loop.runUntilComplete(task)).rejects.toThrow('own')
    expect(task.cancelled()).toBe(true)
  })

  test('of a sleep takes its timer back', async () => {
    const addTimer = vi.spyOn(loop, 'addTimer')
    const task = loop.createTask(sleep(60_000))
    loop.callSoon(() => task.cancel())
    await expect(loop.runUntilComplete(task)).rejects.toThrow(CancelledError)
    expect(addTimer.mock.calls.map(([timer]) => timer.cancelled())).toEqual([true])
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

test.each([[0], [60_000]])('a task of sleep(%i) is shown as any other', ms => {
  const task = loop.createTask(sleep(ms), { name: 'sleeper' })
  expect(String(task)).toBe("<Task pending name='sleeper' coro=<sleep()>>")
  loop.setExceptionHandler(() => {})
})
