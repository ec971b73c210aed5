import { coroutine } from '@fosen/coroutine'
import {
  ALL_COMPLETED,
  asCompleted,
  type CoGenerator,
  createTask,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  gather,
  shield,
  sleep,
  type Task,
  TimeoutError,
  wait,
  waitFor,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { expect, expectTypeOf } from 'vitest'
import { testRows } from './table.ts'

const f = () => sleep(20, 'f')
const g = () => sleep(10, 7)
const fails = coroutine(function* (ms: number): CoGenerator<never> {
  yield* sleep(ms)
  throw new Error('failed')
})

testRows('Waiting', {
  '`a, b = await asyncio.gather(f(), g())`': function* (loop) {
    const [a, b] = yield* gather([f(), g()] as const)
    expectTypeOf([a, b] as const).toEqualTypeOf<readonly [string, number]>()
    expect([a, b, loop.time()]).toEqual(['f', 7, 20])
  },

  '`await asyncio.gather(f(), g(), return_exceptions=True)`': function* () {
    expect(yield* gather([f(), fails(1)], { returnExceptions: true })).toEqual(['f', new Error('failed')])
  },

  '`done, pending = await asyncio.wait(tasks, timeout=1)`': function* () {
    const [quick, slow] = [createTask(f()), createTask(sleep(2000, 'slow'))]
    const { done, pending } = yield* wait([quick, slow], { timeout: 1000 })
    expect([done.has(quick), pending.has(slow), done.size + pending.size]).toEqual([true, true, 2])
    yield* slow
  },

  '`return_when=asyncio.FIRST_COMPLETED`, `asyncio.FIRST_EXCEPTION`, `asyncio.ALL_COMPLETED`': function* () {
    const counts: number[] = []
    for (const returnWhen of [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED]) {
      const tasks: Task<unknown>[] = [g(), fails(15), f()].map(work => createTask<unknown>(work))
      const { done } = yield* wait(tasks, { returnWhen })
      counts.push(done.size)
      yield* gather(tasks, { returnExceptions: true })
    }
    expect(counts).toEqual([1, 2, 3])
  },

  '`for next in asyncio.as_completed(tasks): await next`': function* () {
    const seen: unknown[] = []
    for (const next of asCompleted<Task<unknown>>([createTask(f()), createTask(g())])) seen.push(yield* next)
    expect(seen).toEqual([7, 'f'])
  },

  '`async for task in asyncio.as_completed(tasks): …`': async () => {
    const loop = new VirtualEventLoop()
    await loop.runUntilComplete(async () => {
      const tasks: Task<unknown>[] = [createTask(f()), createTask(g())]
      const seen: Task<unknown>[] = []
      for await (const task of asCompleted(tasks)) seen.push(task)
      expect(seen.map(task => tasks.indexOf(task))).toEqual([1, 0])
    })
    loop.close()
  },

  '`await asyncio.wait_for(f(), 1)`': function* (loop) {
    expect(yield* waitFor(f(), 1000)).toBe('f')
    const late = loop.createTask(waitFor(sleep(2000), 1000))
    yield* wait([late])
    expect([late.exception(), loop.time()]).toEqual([expect.any(TimeoutError), 1020])
  },

  '`await asyncio.shield(task)`': function* () {
    const task = createTask(f())
    const waits = createTask(
      coroutine(function* () {
        yield* shield(task)
      })(),
    )
    yield* sleep(1)
    waits.cancel()
    yield* wait([waits, task])
    expect([waits.cancelled(), task.result()]).toEqual([true, 'f'])
  },
})
