// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { allTasks, asCompleted, currentTask, gather, sleep, taskGroup, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, promisedTrace } from './same-trace.ts'

const member = `
      async def member(i):
          try:
              await sleep(1000)
          finally:
              log(i)
`

const memberOf = (log: Log) =>
  coroutine(function* (i: number) {
    try {
      yield* sleep(1000)
    } finally {
      log(i)
    }
  })

const eight = [0, 1, 2, 3, 4, 5, 6, 7]

describe('the first promised deviation', () => {
  test('point 5: timers of one time are called in the order of setting, and CPython takes them as its heap has them', () => {
    const python = `
      async def main():
          for i in range(8):
              loop.call_at(10, log, i)
          await sleep(20)
    `
    promisedTrace(python, function* main(log, loop) {
      for (const i of eight) loop.callAt(10, log, i)
      yield* sleep(20)
    })
  })

  test('point 5: timers keep that order when most of them are cancelled', () => {
    const python = `
      async def main():
          timers = [loop.call_later(10 + i % 2, log, i) for i in range(300)]
          for i, timer in enumerate(timers):
              if i % 15:
                  timer.cancel()
          await sleep(20)
    `
    promisedTrace(python, function* main(log, loop) {
      const timers = Array.from({ length: 300 }, (_, i) => loop.callLater(10 + (i % 2), log, i))
      for (const [i, timer] of timers.entries()) if (i % 15 > 0) timer.cancel()
      yield* sleep(20)
    })
  })
})

describe('the second promised deviation: tasks in the order of adding, where CPython goes through a set', () => {
  test('a TaskGroup cancels its children in that order', () => {
    const python = `
      ${member}
      async def parent():
          async with TaskGroup() as group:
              for i in range(8):
                  group.create_task(member(i))

      async def main():
          task = create_task(parent())
          await sleep(1)
          task.cancel()
          await gather(task, return_exceptions=True)
    `
    promisedTrace(python, function* main(log, loop) {
      const parent = coroutine(function* () {
        yield* taskGroup(function* (group) {
          for (const i of eight) group.createTask(memberOf(log)(i))
        })
      })
      const task = loop.createTask(parent())
      yield* sleep(1)
      task.cancel()
      yield* gather([task], { returnExceptions: true })
    })
  })

  test('wait returns its tasks in that order', () => {
    const python = `
      async def main():
          tasks = [create_task(sleep(1 + i % 2), name=str(i)) for i in range(8)]
          for tasks in await wait(tasks, timeout=1):
              for task in tasks:
                  log(task)
    `
    promisedTrace(python, function* main(log, loop) {
      const tasks = eight.map(i => loop.createTask(sleep(1 + (i % 2)), { name: String(i) }))
      const { done, pending } = yield* wait(tasks, { timeout: 1 })
      for (const task of [...done, ...pending]) log(task)
    })
  })

  test('asCompleted gives what was done before in that order', () => {
    const python = `
      async def main():
          futures = [loop.create_future() for _ in range(8)]
          for i, future in enumerate(futures):
              future.set_result(i)
          for next in as_completed(futures):
              log(await next)
    `
    promisedTrace(python, function* main(log, loop) {
      const futures = eight.map(() => loop.createFuture<number>())
      for (const [i, future] of futures.entries()) future.setResult(i)
      for (const next of asCompleted(futures)) log(yield* next)
    })
  })

  test('allTasks gives the tasks of the loop in that order, as at its shutdown', () => {
    const python = `
      ${member}
      async def main():
          tasks = [create_task(member(i)) for i in range(8)]
          await sleep(0)
          for task in all_tasks() - {current_task()}:
              task.cancel()
          await gather(*tasks, return_exceptions=True)
    `
    promisedTrace(python, function* main(log, loop) {
      const tasks = eight.map(i => loop.createTask(memberOf(log)(i)))
      yield* sleep(0)
      for (const task of allTasks()) if (task !== currentTask()) task.cancel()
      yield* gather(tasks, { returnExceptions: true })
    })
  })
})
