// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { sleep, TaskGroup, taskGroup } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'
import { child, childOf } from './task-group-child.ts'

describe('a TaskGroup', () => {
  test('point 37: ignores a child that is cancelled alone', () => {
    const python = `
      ${child}
      async def main():
          async with TaskGroup() as group:
              one = group.create_task(child('a', 10))
              two = group.create_task(child('b', 20))
              await sleep(1)
              one.cancel('alone')
          return [one.cancelled(), two.result()]
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const tasks = yield* taskGroup(function* (group) {
        const one = group.createTask(child('a', 10))
        const two = group.createTask(child('b', 20))
        yield* sleep(1)
        one.cancel('alone')
        return { one, two }
      })
      return [tasks?.one.cancelled(), tasks?.two.result()]
    })
  })

  test('point 38: takes tasks of its children while it waits, and none before its begin or after its end', () => {
    const python = `
      ${child}
      async def parent(group):
          await sleep(10)
          group.create_task(child('grandchild', 10))

      async def main():
          group = TaskGroup()
          for attempt in range(2):
              refused = child('refused', 1)
              try:
                  group.create_task(refused)
              except RuntimeError as error:
                  log(type(error).__name__, 'closed:', refused.cr_frame is None)
              if attempt == 0:
                  async with group:
                      group.create_task(parent(group))
          log(loop.time())
          try:
              async with group:
                  log('never')
          except RuntimeError as error:
              log(type(error).__name__)
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const parent = coroutine(function* (group: TaskGroup) {
        yield* sleep(10)
        group.createTask(child('grandchild', 10))
      })
      const group = new TaskGroup()
      for (const attempt of [0, 1]) {
        const refused = child('refused', 1)
        try {
          group.createTask(refused)
        } catch (error) {
          log((error as Error).name, 'closed:', refused.next().done)
        }
        if (attempt === 0) {
          yield* group.run(function* () {
            group.createTask(parent(group))
          })
        }
      }
      log(loop.time())
      try {
        yield* group.run(function* () {
          log('never')
        })
      } catch (error) {
        log((error as Error).name)
      }
    })
  })

  test('point 38: that is shutting down takes no tasks', () => {
    const python = `
      ${child}
      async def stubborn(group):
          try:
              await sleep(1000)
          except CancelledError:
              group.create_task(child('refused', 1))

      async def main():
          try:
              async with TaskGroup() as group:
                  group.create_task(stubborn(group))
                  await sleep(1)
                  raise ValueError('body')
          except ExceptionGroup as error:
              log([type(each).__name__ for each in error.exceptions])
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const stubborn = coroutine(function* (group: TaskGroup) {
        try {
          yield* sleep(1000)
        } catch {
          group.createTask(child('refused', 1))
        }
      })
      try {
        yield* taskGroup(function* (group) {
          group.createTask(stubborn(group))
          yield* sleep(1)
          throw new RangeError('body')
        })
      } catch (error) {
        const { exceptions } = error as { exceptions: Error[] }
        log(exceptions.map(each => (each instanceof RangeError ? 'ValueError' : each.name)))
      }
    })
  })
})
