// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, sleep, taskGroup, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'
import { child, childOf } from './task-group-child.ts'

describe('a TaskGroup', () => {
  test('point 33: whose child fails cancels the siblings, and the body where it waits', () => {
    const python = `
      ${child}
      async def main():
          try:
              async with TaskGroup() as group:
                  group.create_task(child('a', 20))
                  group.create_task(child('b', 10, ValueError('b')))
                  group.create_task(child('c', 30))
                  try:
                      await sleep(1000)
                  except CancelledError as error:
                      log('body', error, current_task().cancelling())
                      raise
          except ExceptionGroup as error:
              log(error, current_task().cancelling())
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      try {
        yield* taskGroup(function* (group) {
          group.createTask(child('a', 20))
          group.createTask(child('b', 10, new RangeError('b')))
          group.createTask(child('c', 30))
          try {
            yield* sleep(1000)
          } catch (error) {
            log('body', error, currentTask()?.cancelling())
            throw error
          }
        })
      } catch (error) {
        log(error, currentTask()?.cancelling())
      }
      yield* sleep(0)
    })
  })

  test('point 34: whose body fails has its error after those of the children', () => {
    const python = `
      async def child(error):
          try:
              await sleep(1000)
          finally:
              raise error

      async def main():
          async with TaskGroup() as group:
              group.create_task(child(ValueError('one')))
              group.create_task(child(ValueError('two')))
              await sleep(1)
              raise TypeError('body')
    `
    sameTrace(python, function* main() {
      const child = coroutine(function* (error: Error) {
        try {
          yield* sleep(1000)
        } catch {
          throw error
        }
      })
      yield* taskGroup(function* (group) {
        group.createTask(child(new RangeError('one')))
        group.createTask(child(new RangeError('two')))
        yield* sleep(1)
        throw new TypeError('body')
      })
    })
  })

  test.for([true, false])(
    'point 35: whose parent is cancelled cancels the children (its body waits: %j)',
    bodyWaits => {
      const python = `
      ${child}
      async def parent():
          try:
              async with TaskGroup() as group:
                  group.create_task(child('a', 10))
                  group.create_task(child('b', 20))
                  if ${bodyWaits ? 'True' : 'False'}:
                      await sleep(1000)
          except CancelledError as error:
              log(error, current_task().cancelling())
              raise

      async def main():
          task = create_task(parent())
          await sleep(1)
          task.cancel('stop')
          await wait([task])
          log(task.cancelled(), loop.time())
    `
      sameTrace(python, function* main(log, loop) {
        const child = childOf(log, loop)
        const parent = coroutine(function* () {
          try {
            yield* taskGroup(function* (group) {
              group.createTask(child('a', 10))
              group.createTask(child('b', 20))
              if (bodyWaits) yield* sleep(1000)
            })
          } catch (error) {
            log(error, currentTask()?.cancelling())
            throw error
          }
        })
        const task = loop.createTask(parent())
        yield* sleep(1)
        task.cancel('stop')
        yield* wait([task])
        log(task.cancelled(), loop.time())
      })
    },
  )

  test('point 36: whose parent is cancelled and whose child fails raises the group, and then CancelledError', () => {
    const python = `
      async def child():
          try:
              await sleep(1000)
          finally:
              raise ValueError('child')

      async def parent():
          try:
              async with TaskGroup() as group:
                  group.create_task(child())
          except ExceptionGroup as error:
              log(error, current_task().cancelling())
          await sleep(1000)

      async def main():
          task = create_task(parent())
          await sleep(1)
          task.cancel('stop')
          await wait([task])
          log(task.cancelled(), loop.time())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const child = coroutine(function* () {
        try {
          yield* sleep(1000)
        } catch {
          throw new RangeError('child')
        }
      })
      const parent = coroutine(function* () {
        try {
          yield* taskGroup(function* (group) {
            group.createTask(child())
          })
        } catch (error) {
          log(error, currentTask()?.cancelling())
        }
        yield* sleep(1000)
      })
      const task = loop.createTask(parent())
      yield* sleep(1)
      task.cancel('stop')
      yield* wait([task])
      log(task.cancelled(), loop.time())
      yield* task
    })
  })
})
