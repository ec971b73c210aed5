// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { Coroutine, coroutine } from '@fosen/coroutine'
import {
  allTasks,
  ContextVar,
  copyContext,
  createTask,
  currentTask,
  eagerTaskFactory,
  ensureFuture,
  InvalidStateError,
  isCancelled,
  sleep,
  Task,
  taskGroup,
} from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

const f = coroutine(function* () {
  return yield* sleep(1000, 'v')
})

testRows('Tasks', {
  "`async def f(): return await asyncio.sleep(1, 'v')`": function* (loop) {
    const f = coroutine(function* () {
      return yield* sleep(1000, 'v')
    })
    expect([yield* f(), loop.time()]).toEqual(['v', 1000])
  },

  "`asyncio.create_task(f(), name='t', context=context, eager_start=True)`": function* () {
    const variable = new ContextVar<string>('variable')
    const context = copyContext()
    context.run(() => variable.set('given'))
    const f = coroutine(function* () {
      return [currentTask()?.getName(), variable.get()]
    })
    expect(createTask(f(), { name: 't', context, eagerStart: true }).result()).toEqual(['t', 'given'])
  },

  "`task.cancel('why')`, `except asyncio.CancelledError: raise`": function* () {
    const seen: unknown[] = []
    const work = coroutine(function* () {
      try {
        yield* sleep(1000)
      } catch (error) {
        seen.push(error)
        if (isCancelled(error)) throw error
      }
    })
    const task = createTask(work())
    yield* sleep(1)
    expect(task.cancel('why')).toBe(true)
    yield* sleep(0)
    expect([seen.map(String), task.cancelled()]).toEqual([['CancelledError: why'], true])
  },

  '`task.cancelling()`, `task.uncancel()`, `task.cancelled()`': function* () {
    const seen: unknown[] = []
    const swallows = coroutine(function* () {
      try {
        yield* sleep(1000)
      } catch {
        seen.push(task.cancelling(), task.uncancel(), task.cancelling())
      }
    })
    const task = createTask(swallows())
    yield* sleep(1)
    task.cancel()
    yield* task
    expect([...seen, task.cancelled()]).toEqual([1, 0, 0, false])
  },

  '`task.done()`, `task.result()`, `task.exception()`': function* () {
    const task = createTask(f())
    expect(task.done()).toBe(false)
    expect(() => task.result()).toThrow(InvalidStateError)
    yield* task
    expect([task.done(), task.result(), task.exception()]).toEqual([true, 'v', undefined])
  },

  '`task.add_done_callback(f)`, `task.remove_done_callback(f)`': function* () {
    const called: unknown[] = []
    const [first, second] = [(done: unknown) => called.push(done), () => called.push('removed')]
    const task = createTask(f())
    task.addDoneCallback(first)
    task.addDoneCallback(second)
    expect(task.removeDoneCallback(second)).toBe(1)
    yield* task
    expect(called).toEqual([task])
  },

  "`task.get_name()`, `task.set_name('t')`, `task.get_coro()`, `task.get_context()`": function* () {
    const coro = coroutine(function* () {
      return currentTask()?.getContext()
    })()
    const task = createTask(coro)
    expect(task.getName()).toMatch(/^Task-\d+$/)
    task.setName('t')
    expect([task.getName(), task.getCoro() === coro, (yield* task) === task.getContext()]).toEqual(['t', true, true])
  },

  '`task.get_stack(limit=1)`': function* () {
    const inner = coroutine(function* inner() {
      return currentTask()?.getStack({ limit: 1 })
    })
    const outer = coroutine(function* outer() {
      return yield* inner()
    })
    expect((yield* outer())?.map(frame => frame.name)).toEqual(['inner'])
  },

  '`asyncio.current_task()`, `asyncio.all_tasks()`': function* () {
    const task = createTask(f())
    expect([...allTasks()].indexOf(task)).toBe(1)
    expect(currentTask()).toBe([...allTasks()][0])
    yield* task
  },

  '`asyncio.iscoroutine(x)`': function* () {
    const isCoroutine = (x: unknown) => x instanceof Coroutine
    expect([f(), sleep(1), function* () {}, (async () => {})()].map(isCoroutine)).toEqual([true, true, false, false])
  },

  '`asyncio.ensure_future(f())`': function* () {
    const task = ensureFuture(f())
    expect([task instanceof Task, ensureFuture(task) === task, yield* task]).toEqual([true, true, 'v'])
  },

  '`loop.set_task_factory(asyncio.eager_task_factory)`, `loop.get_task_factory()`': function* (loop) {
    loop.setTaskFactory(eagerTaskFactory)
    const work = coroutine(function* () {})
    expect([loop.getTaskFactory(), createTask(work()).done()]).toEqual([eagerTaskFactory, true])
  },

  '`async with asyncio.TaskGroup() as group: group.create_task(f())`': function* (loop) {
    const task = yield* taskGroup(function* (group) {
      return group.createTask(f())
    })
    expect([task?.result(), loop.time()]).toEqual(['v', 1000])
  },

  '`group.cancel()`, of Python 3.15': function* (loop) {
    const result = yield* taskGroup(function* (group) {
      group.createTask(f())
      group.cancel()
      yield* sleep(1000)
    })
    expect([result, loop.time()]).toEqual([undefined, 0])
  },
})
