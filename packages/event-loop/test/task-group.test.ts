import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  type CoGenerator,
  currentTask,
  type ExceptionContext,
  ExceptionGroup,
  getRunningLoop,
  RuntimeError,
  sleep,
  type Task,
  TaskGroup,
  taskGroup,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: VirtualEventLoop
let told: ExceptionContext[]
let order: string[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  told = []
  order = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => {
  loop.close()
  expect(told).toEqual([])
})

const main = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(body())
/** Works for a time, and tells how it ended and when. */
const work = coroutine(function* (name: string, ms: number, failure?: Error, fails = failure !== undefined) {
  try {
    yield* sleep(ms)
    if (fails) throw failure
    order.push(`${name} done at ${loop.time()}`)
    return name
  } catch (error) {
    order.push(`${name} ${error instanceof CancelledError ? 'cancelled' : 'failed'} at ${loop.time()}`)
    throw error
  }
})
/** Waits for ever; cancelled, it cleans up for a time, and fails when it is to. */
const cleaningUp = coroutine(function* (ms: number, failure?: Error) {
  try {
    yield* sleep(60_000)
  } catch {
    yield* sleep(ms)
    order.push(`cleaned up at ${loop.time()}`)
    if (failure) throw failure
  }
})
/** The errors of the group that `body` throws. */
function* failuresOf(body: CoGenerator<unknown>): CoGenerator<unknown> {
  try {
    return { returned: yield* body }
  } catch (error) {
    return error instanceof ExceptionGroup ? error.exceptions : error
  }
}
const [one, two, three] = [new Error('one'), new Error('two'), new Error('three')]

describe('a group refuses', () => {
  test.each([[undefined], [5], [sleep(0)]])('the body %s at once', body => {
    expect(() => taskGroup(body as never)).toThrow(TypeError)
    expect(() => new TaskGroup().run(body as never)).toThrow(TypeError)
  })

  test('to run twice, and the first run goes on', () => {
    main(function* () {
      const group = new TaskGroup()
      const first = yield* group.run(function* () {
        group.createTask(work('task', 1))
        expect(yield* failuresOf(group.run(function* () {}))).toEqual(
          new RuntimeError('TaskGroup <TaskGroup tasks=1 entered> has already been entered'),
        )
        return 'first'
      })
      expect(first).toBe('first')
    })
    expect(order).toEqual(['task done at 1'])
  })

  test('to run where there is no task', () => {
    const running = new TaskGroup().run(function* () {})
    expect(() => running.next()).toThrow('no running event loop')
    const errors: unknown[] = []
    main(function* () {
      getRunningLoop().callSoon(() => {
        try {
          new TaskGroup().run(function* () {}).next()
        } catch (error) {
          errors.push(error)
        }
      })
      yield* sleep(0)
    })
    expect(errors).toEqual([new RuntimeError('TaskGroup <TaskGroup> cannot determine the parent task')])
  })

  test.each([
    [
      'before it runs',
      'has not been entered',
      function* (group: TaskGroup, add: () => void): CoGenerator<void> {
        add()
        yield* group.run(function* () {})
      },
    ],
    [
      'once it was cancelled',
      'is shutting down',
      (group: TaskGroup, add: () => void) =>
        group.run(function* () {
          group.createTask(work('task', 1))
          group.cancel()
          yield* failuresOf(sleep(0))
          add()
        }),
    ],
    [
      'once it has ended',
      'is finished',
      function* (group: TaskGroup, add: () => void): CoGenerator<void> {
        yield* group.run(function* () {})
        add()
      },
    ],
  ])('a task %s, and closes its coroutine', (_, message, scenario) => {
    const refused = work('refused', 0)
    main(function* () {
      const group = new TaskGroup()
      yield* scenario(group, () => expect(() => group.createTask(refused)).toThrow(message))
    })
    expect(refused.next()).toEqual({ done: true, value: undefined })
    expect(order.filter(line => line.startsWith('refused'))).toEqual([])
  })

  test('what is no coroutine', () => {
    main(function* () {
      yield* taskGroup(function* (group) {
        expect(() => group.createTask(5 as never)).toThrow(TypeError)
      })
      expect(() => new TaskGroup().createTask(null as never)).toThrow(RuntimeError)
    })
  })
})

describe('a failure', () => {
  test('of a task cancels the others in order, and the body where it waits', () => {
    main(function* () {
      const body = taskGroup(function* (group) {
        for (const [name, ms] of [
          ['a', 30],
          ['b', 10],
          ['c', 20],
        ] as const) {
          group.createTask(work(name, ms, name === 'b' ? one : undefined))
        }
        yield* work('body', 60_000)
      })
      expect(yield* failuresOf(body)).toEqual([one])
      expect(currentTask()?.cancelling()).toBe(0)
      yield* sleep(0)
    })
    expect(order).toEqual(['b failed at 10', 'a cancelled at 10', 'c cancelled at 10', 'body cancelled at 10'])
  })

  test('of the body comes last, after those of the tasks that it cancels', () => {
    main(function* () {
      const body = taskGroup(function* (group) {
        group.createTask(cleaningUp(0, two))
        yield* sleep(5)
        throw one
      })
      expect(yield* failuresOf(body)).toEqual([two, one])
    })
    expect(loop.time()).toBe(5)
  })

  test('may be undefined', () => {
    main(function* () {
      const body = taskGroup(function* (group) {
        group.createTask(work('task', 1, undefined, true))
        yield* sleep(0)
      })
      expect(yield* failuresOf(body)).toEqual([undefined])
    })
  })

  test('of an inner group is a group in the outer one', () => {
    main(function* () {
      const body = taskGroup(function* (outer) {
        outer.createTask(work('outer', 60_000))
        yield* taskGroup(function* (inner) {
          inner.createTask(work('inner', 1, one))
          yield* sleep(0)
        })
      })
      expect(yield* failuresOf(body)).toEqual([new ExceptionGroup('unhandled errors in a TaskGroup', [one])])
    })
    expect(order).toEqual(['inner failed at 1', 'outer cancelled at 1'])
  })

  test('is told when the coroutine of the group was closed before', () => {
    const running = taskGroup(function* (group) {
      group.createTask(work('task', 60_000))
      group.createTask(cleaningUp(0, one))
      yield* sleep(60_000)
    })
    main(function* () {
      const parent = getRunningLoop().createTask(
        coroutine(function* () {
          running.next()
          yield* sleep(1)
          running.return(undefined)
        })(),
      )
      yield* parent
      yield* sleep(1)
    })
    expect(order).toEqual(['task cancelled at 1', 'cleaned up at 1'])
    expect(told.splice(0)).toMatchObject([
      { message: expect.stringContaining('has errored out but its parent task is already completed'), error: one },
    ])
  })
})

describe('cancelling the parent', () => {
  /** Cancels the task that runs the group, at 5. */
  function cancelled(body: (group: TaskGroup) => CoGenerator<unknown>, then?: (error: unknown) => CoGenerator<void>) {
    const parent = loop.createTask(
      coroutine(function* () {
        const error = yield* failuresOf(taskGroup(body))
        if (then) yield* then(error)
        else throw error
      })(),
    )
    loop.callLater(5, () => parent.cancel('outside'))
    return parent
  }

  test.each([
    ['while the body waits', () => sleep(60_000)],
    ['while the group waits for its tasks', () => sleep(0)],
  ])('%s cancels the tasks, and is raised when they have ended', (_, wait) => {
    const parent = cancelled(function* (group) {
      group.createTask(cleaningUp(10))
      yield* wait()
    })
    expect(() => loop.runUntilCompleteSync(parent)).toThrow(new CancelledError('outside'))
    expect(order).toEqual(['cleaned up at 15'])
    expect([parent.cancelled(), parent.cancelling()]).toEqual([true, 1])
  })

  test('gives way to the failure of a task, and is raised at the next wait', () => {
    const parent = cancelled(
      function* (group) {
        group.createTask(cleaningUp(0, one))
        yield* sleep(0)
      },
      function* (error) {
        expect(error).toEqual([one])
        expect(currentTask()?.cancelling()).toBe(1)
        yield* sleep(0)
        order.push('not reached')
      },
    )
    expect(() => loop.runUntilCompleteSync(parent)).toThrow(CancelledError)
    expect([parent.cancelled(), order]).toEqual([true, ['cleaned up at 5']])
  })

  test('again while the tasks clean up does not end the wait for them', () => {
    const parent = cancelled(function* (group) {
      group.createTask(cleaningUp(10))
      yield* sleep(0)
    })
    loop.callLater(8, () => parent.cancel('again'))
    expect(() => loop.runUntilCompleteSync(parent)).toThrow(new CancelledError('outside'))
    expect([order, parent.cancelling()]).toEqual([['cleaned up at 15'], 2])
  })
})

describe('cancel', () => {
  test('ends tasks and body, and raises nothing', () => {
    main(function* () {
      const result = yield* taskGroup(function* (group) {
        group.createTask(work('task', 60_000))
        loop.callLater(5, () => group.cancel())
        yield* work('body', 60_000)
        return 'not reached'
      })
      expectTypeOf(result).toEqualTypeOf<string | undefined>()
      expect([result, currentTask()?.cancelling()]).toEqual([undefined, 0])
      yield* sleep(0)
    })
    expect(order).toEqual(['task cancelled at 5', 'body cancelled at 5'])
  })

  test('while the group waits for its tasks leaves the result of the body', () => {
    const result = main(() =>
      taskGroup(function* (group) {
        group.createTask(work('task', 60_000))
        loop.callLater(5, () => group.cancel())
        return yield* sleep(0, 'result')
      }),
    )
    expect([result, order]).toEqual(['result', ['task cancelled at 5']])
  })

  test('before the group runs ends it at its first wait', () => {
    main(function* () {
      const group = new TaskGroup()
      group.cancel()
      yield* group.run(function* () {
        yield* work('body', 60_000)
      })
      group.cancel()
    })
    expect(order).toEqual(['body cancelled at 0'])
  })

  test('lets an outside cancellation through', () => {
    const parent: Task<unknown> = loop.createTask<unknown>(
      taskGroup(function* (group) {
        group.createTask(work('task', 60_000))
        loop.callLater(5, () => group.cancel())
        loop.callLater(5, () => parent.cancel())
        yield* sleep(0)
      }),
    )
    expect(() => loop.runUntilCompleteSync(parent)).toThrow(CancelledError)
    expect(parent.cancelling()).toBe(1)
  })
})

describe('a group', () => {
  test('waits for its tasks, and gives what the body returns', () => {
    const tasks: Task<string>[] = []
    const result = main(() =>
      taskGroup(function* (group) {
        for (const name of ['a', 'b']) tasks.push(group.createTask(work(name, 1), { name }))
        return yield* sleep(0, inspect(group))
      }),
    )
    expect(result).toBe('<TaskGroup tasks=2 entered>')
    expect(tasks.map(task => [task.getName(), task.result()])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ])
  })

  test('ends in the turn of its body when it has no tasks', () => {
    main(function* () {
      loop.callSoon(() => order.push('next turn'))
      yield* taskGroup(function* () {})
      order.push('ended')
    })
    expect(order).toEqual(['ended', 'next turn'])
  })

  test('waits for a task that a task adds while it does', () => {
    main(() =>
      taskGroup(function* (group) {
        group.createTask(
          coroutine(function* () {
            yield* sleep(5)
            group.createTask(work('added', 5))
          })(),
        )
        yield* sleep(0)
      }),
    )
    expect(order).toEqual(['added done at 10'])
  })

  test('takes a task that was cancelled by itself as done', () => {
    const result = main(() =>
      taskGroup(function* (group) {
        const task = group.createTask(work('cancelled', 60_000))
        group.createTask(work('other', 5))
        yield* sleep(1)
        task.cancel()
        return 'result'
      }),
    )
    expect([result, order]).toEqual(['result', ['cancelled cancelled at 1', 'other done at 5']])
  })

  test('has all failures of the same turn', () => {
    main(function* () {
      const body = taskGroup(function* (group) {
        group.createTask(work('a', 5, one))
        group.createTask(work('b', 5, two))
        yield* sleep(0)
        yield* sleep(5)
        throw three
      })
      expect(yield* failuresOf(body)).toEqual([one, two, three])
    })
  })
})

describe('in an async function', () => {
  test('a group has a body and tasks that are async functions, and the failure of one cancels the others', async () => {
    const outcome = await loop.runUntilComplete(async () => {
      try {
        await taskGroup(async group => {
          group.createTask(async () => {
            await work('a', 60_000)
          })
          group.createTask(async () => {
            await work('b', 5, one)
          })
          await work('body', 60_000)
        })
      } catch (error) {
        await sleep(0)
        return [(error as ExceptionGroup).exceptions, currentTask()?.cancelling()]
      }
    })
    expect(outcome).toEqual([[one], 0])
    expect(order).toEqual(['b failed at 5', 'a cancelled at 5', 'body cancelled at 5'])
  })

  test('a group that is awaited is cancelled with the task', async () => {
    const parent = loop.createTask(async () => {
      await taskGroup(async group => {
        group.createTask(cleaningUp(10))
        await sleep(0)
      })
    })
    loop.callLater(5, () => parent.cancel('outside'))
    await expect(loop.runUntilComplete(parent)).rejects.toThrow(new CancelledError('outside'))
    expect([order, parent.cancelled()]).toEqual([['cleaned up at 15'], true])
  })
})
