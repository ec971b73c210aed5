import { coroutine } from '@fosen/coroutine'
import {
  allTasks,
  type CoGenerator,
  Context,
  ContextVar,
  currentTask,
  EventLoop,
  eagerTaskFactory,
  ensureFuture,
  gather,
  isFuture,
  RuntimeError,
  sleep,
  Task,
  type TaskFactory,
  type TaskOptions,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
  loop.setExceptionHandler(() => {})
})
afterEach(() => loop.close())

const nameOf = coroutine(function* () {
  yield* sleep(0)
  return currentTask()?.getName()
})

describe('the name of a task', () => {
  test('is a string, whatever it is given or set to', async () => {
    const tasks = [{ name: 'own' }, { name: '' }, { name: 5 as never }, { name: undefined }, {}].map(options =>
      loop.createTask(nameOf(), options),
    )
    expect(tasks.map(task => task.getName())).toEqual(['own', '', '5', expect.any(String), expect.any(String)])
    tasks[0]?.setName('another')
    tasks[1]?.setName(7 as never)
    const names = tasks.map(task => task.getName())
    expect(names.slice(0, 2)).toEqual(['another', '7'])
    expect(await loop.runUntilComplete(gather(tasks))).toEqual(names)
  })

  test('counts the tasks when it is not given', () => {
    const [first, named, second] = [undefined, 'named', undefined].map(name => loop.createTask(nameOf(), { name }))
    const number = (task: Task<unknown> | undefined) => Number(task?.getName().replace('Task-', ''))
    expect(named?.getName()).toBe('named')
    expect(number(second)).toBe(number(first) + 1)
  })
})

describe('the context of a task', () => {
  test.each([[5], [{}], [null], [new Map()]])('is not %s', context => {
    expect(() => loop.createTask(nameOf(), { context: context as never })).toThrow(TypeError)
    expect(() => loop.createFuture().addDoneCallback(() => {}, { context: context as never })).toThrow(TypeError)
    expect(allTasks(loop).size).toBe(0)
  })

  test('is the one that it is given, also for a callback', async () => {
    const variable = new ContextVar<string>('variable')
    const context = new Context()
    context.run(() => variable.set('of the context'))
    const work = coroutine(function* (): CoGenerator<string> {
      yield* sleep(0)
      return variable.get()
    })
    const task = loop.createTask(work(), { context })
    let seen: string | undefined
    task.addDoneCallback(
      () => {
        seen = variable.get()
      },
      { context },
    )
    expect(await loop.runUntilComplete(task)).toBe('of the context')
    await loop.runUntilComplete(sleep(0))
    expect([task.getContext() === context, seen]).toEqual([true, 'of the context'])
  })
})

describe('eagerStart', () => {
  const work = coroutine(function* (turns: number): CoGenerator<unknown> {
    for (let turn = 0; turn < turns; turn++) yield* sleep(0)
    return currentTask()?.getName()
  })

  test('runs the coroutine inside of createTask, up to where it waits', async () => {
    const main = coroutine(function* () {
      const outer = currentTask()
      const done = loop.createTask(work(0), { eagerStart: true })
      const waits = loop.createTask(work(1), { eagerStart: true })
      expect([done.done(), waits.done(), currentTask() === outer]).toEqual([true, false, true])
      expect([done.result(), allTasks().has(done), allTasks().has(waits)]).toEqual([done.getName(), false, true])
      expect(yield* waits).toBe(waits.getName())
    })
    await loop.runUntilComplete(main())
  })

  test('stores what the coroutine throws', async () => {
    // biome-ignore lint/correctness/useYield: it does not wait
    const fail = coroutine(function* (): CoGenerator<never> {
      throw new RangeError('at once')
    })
    const main = coroutine(function* () {
      yield* sleep(0)
      return loop.createTask(fail(), { eagerStart: true }).exception()
    })
    expect(await loop.runUntilComplete(main())).toEqual(new RangeError('at once'))
  })

  test('calls an async function at once, and runs the loop outside of its batches too', async () => {
    const main = loop.runUntilComplete(sleep(5))
    let begun: unknown
    const task = loop.createTask(
      async () => {
        begun = currentTask()
        await sleep(0)
        return currentTask()?.getName()
      },
      { eagerStart: true },
    )
    expect(begun === task).toBe(true)
    expect(await task).toBe(task.getName())
    expect(() => currentTask()).toThrow('no running event loop')
    await main
  })

  test('waits for a loop that does not run yet', async () => {
    const task = loop.createTask(work(0), { eagerStart: true })
    expect(task.done()).toBe(false)
    expect(await loop.runUntilComplete(task)).toBe(task.getName())
  })
})

describe('a task factory', () => {
  test('makes the tasks of createTask, gather, ensureFuture and runUntilComplete', async () => {
    const made: [boolean, TaskOptions][] = []
    const factory: TaskFactory = (of, coroutine, options) => {
      made.push([of === loop, options])
      return new Task(coroutine, { loop: of, ...options })
    }
    loop.setTaskFactory(factory)
    expect(loop.getTaskFactory()).toBe(factory)
    const context = new Context()
    loop.createTask(nameOf(), { name: 'named', context })
    loop.createTask(async () => {})
    ensureFuture(nameOf(), loop)
    const main = coroutine(function* () {
      return yield* gather([nameOf(), nameOf()])
    })
    await loop.runUntilComplete(main())
    expect(made.map(([isOurs]) => isOurs)).toEqual(Array(6).fill(true))
    expect(made[0]?.[1]).toEqual({ name: 'named', context })
    loop.setTaskFactory(undefined)
    const { length } = made
    loop.createTask(nameOf())
    expect([loop.getTaskFactory(), made.length]).toEqual([undefined, length])
  })

  test('may be eagerTaskFactory', async () => {
    loop.setTaskFactory(eagerTaskFactory)
    const main = coroutine(function* () {
      const task = loop.createTask(
        coroutine(function* (): CoGenerator<number> {
          if (currentTask() === undefined) yield* sleep(0)
          return 7
        })(),
      )
      return [task.done(), yield* gather([task, sleep(0, 8)])]
    })
    expect(await loop.runUntilComplete(main())).toEqual([true, [7, 8]])
  })

  test('may make tasks of a class with methods of its own, whatever they are called', async () => {
    class Job<T> extends Task<T> {
      endWith = () => 'the end'
      waitOn = () => 'waiting'
      refuse = () => 'refused'
    }
    loop.setTaskFactory((of, coroutine, options) => new Job(coroutine, { loop: of, ...options }))
    const main = coroutine(function* () {
      yield* sleep(1)
      return yield* gather([nameOf(), sleep(0, 8)])
    })
    expect(await loop.runUntilComplete(main())).toHaveLength(2)
  })

  test.each([[5], [null], [{}]])('is not %s', factory => {
    expect(() => loop.setTaskFactory(factory as never)).toThrow(TypeError)
  })

  test('that throws fails createTask, and leaves no task behind', () => {
    loop.setTaskFactory(() => {
      throw new RangeError('of the factory')
    })
    expect(() => loop.createTask(nameOf())).toThrow(RangeError)
    expect(allTasks(loop).size).toBe(0)
  })
})

describe('allTasks', () => {
  test('gives the tasks that are not done, in the order of their creation', () => {
    const virtual = new VirtualEventLoop()
    const names = () => [...allTasks(virtual)].map(task => task.getName())
    const make = (name: string, ms: number) => virtual.createTask(sleep(ms), { name })
    const [a, b, _, d] = [make('a', 4), make('b', 3), make('c', 2), make('d', 1)]
    expect(names()).toEqual(['a', 'b', 'c', 'd'])
    b.cancel()
    virtual.runUntilCompleteSync(d)
    expect(names()).toEqual(['a', 'c'])
    const e = make('e', 10)
    expect(names()).toEqual(['a', 'c', 'e'])
    virtual.runUntilCompleteSync(a)
    expect(names()).toEqual(['e'])
    virtual.runUntilCompleteSync(e)
    expect(allTasks(virtual)).toEqual(new Set())
    virtual.close()
  })

  test('needs a loop, that runs or is given', async () => {
    expect(() => allTasks()).toThrow(RuntimeError)
    const main = async () => [...allTasks()].map(task => task.getName())
    expect(await loop.runUntilComplete(loop.createTask(main, { name: 'main' }))).toEqual(['main'])
  })
})

describe('ensureFuture', () => {
  test('gives futures and tasks as they are, and a task of what else can be waited for', async () => {
    const future = loop.createFuture<number>()
    const task = loop.createTask(sleep(0))
    expect([ensureFuture(future) === future, ensureFuture(task, loop) === task]).toEqual([true, true])
    const other = {
      *[Symbol.iterator](): CoGenerator<string> {
        return yield* sleep(0, 'iterated')
      },
    }
    const made = [
      ensureFuture(sleep(0, 'slept'), loop),
      ensureFuture(other, loop),
      ensureFuture(async () => 'native', loop),
    ]
    expect(made.map(each => [isFuture(each), each instanceof Task])).toEqual(Array(3).fill([true, true]))
    expect(await loop.runUntilComplete(gather(made))).toEqual(['slept', 'iterated', 'native'])
    await loop.runUntilComplete(task)
  })

  test('needs a loop, that of the future when one is given', () => {
    const other = new EventLoop()
    expect(() => ensureFuture(sleep(0))).toThrow('no running event loop')
    expect(() => ensureFuture(other.createFuture(), loop)).toThrow('different loop')
    expect(() => ensureFuture([sleep(0)] as never, loop)).toThrow('several go through gather')
    other.close()
  })

  test.each([[5], [null], [undefined], ['text'], [Promise.resolve()], [{}]])('refuses %s', value => {
    expect(() => ensureFuture(value as never, loop)).toThrow(TypeError)
    expect(isFuture(value)).toBe(false)
  })
})

test.each([[null], ['5'], [undefined], [5n]])('callLater refuses a delay of %s', delay => {
  expect(() => loop.callLater(delay as never, () => {})).toThrow(RangeError)
})
