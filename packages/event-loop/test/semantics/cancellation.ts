// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, type Future, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('a task that is cancelled', () => {
  test('point 7: before its start never runs, and is cancelled once it has stepped', () => {
    const python = `
      async def body():
          log('never')

      async def main():
          task = create_task(body())
          log(task.cancel('early'), task.cancelled(), task.done())
          await sleep(0)
          log(task.cancelled(), task.done(), task.cancelling())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const body = coroutine(function* () {
        log('never')
      })
      const task = loop.createTask(body())
      log(task.cancel('early'), task.cancelled(), task.done())
      yield* sleep(0)
      log(task.cancelled(), task.done(), task.cancelling())
      yield* task
    })
  })

  test('point 8: where it waits gets the message in the next turn, and is not done before', () => {
    const python = `
      async def waits():
          try:
              await sleep(1000)
          except CancelledError as error:
              log(error, current_task().cancelling())
              raise

      async def main():
          task = create_task(waits())
          await sleep(0)
          log(task.cancel('stop'), task.done(), task.cancelling())
          await sleep(0)
          log(task.done(), task.cancelled())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const waits = coroutine(function* () {
        try {
          yield* sleep(1000)
        } catch (error) {
          log(error, currentTask()?.cancelling())
          throw error
        }
      })
      const task = loop.createTask(waits())
      yield* sleep(0)
      log(task.cancel('stop'), task.done(), task.cancelling())
      yield* sleep(0)
      log(task.done(), task.cancelled())
      yield* task
    })
  })

  test('point 9: twice before it runs gets one CancelledError, and another one for each later time', () => {
    const python = `
      async def stubborn():
          for attempt in range(3):
              try:
                  await sleep(10)
                  log('slept')
              except CancelledError as error:
                  log(attempt, error)
          return 'result'

      async def main():
          task = create_task(stubborn())
          await sleep(0)
          log(task.cancel('one'), task.cancel('two'), task.cancelling())
          await sleep(0)
          task.cancel('three')
          log(task.cancelling())
          log(await task, task.cancelled(), task.cancelling())
    `
    sameTrace(python, function* main(log, loop) {
      const stubborn = coroutine(function* () {
        for (let attempt = 0; attempt < 3; attempt++) {
          try {
            yield* sleep(10)
            log('slept')
          } catch (error) {
            log(attempt, error)
          }
        }
        return 'result'
      })
      const task = loop.createTask(stubborn())
      yield* sleep(0)
      log(task.cancel('one'), task.cancel('two'), task.cancelling())
      yield* sleep(0)
      task.cancel('three')
      log(task.cancelling())
      log(yield* task, task.cancelled(), task.cancelling())
    })
  })

  test('point 9: during its bare switch gets the last message', () => {
    const python = `
      async def main():
          async def switches():
              try:
                  await sleep(0)
              except CancelledError as error:
                  log(error)
              return await sleep(0, 'result')
          task = create_task(switches())
          await sleep(0)
          task.cancel('one')
          task.cancel('two')
          log(await task)
    `
    sameTrace(python, function* main(log, loop) {
      const switches = coroutine(function* () {
        try {
          yield* sleep(0)
        } catch (error) {
          log(error)
        }
        return yield* sleep(0, 'result')
      })
      const task = loop.createTask(switches())
      yield* sleep(0)
      task.cancel('one')
      task.cancel('two')
      log(yield* task)
    })
  })

  test('point 10: after its future got a result, or failed, in the same turn, gets the CancelledError', () => {
    const python = `
      async def waits(future):
          try:
              log(await future)
          except BaseException as error:
              log(error)

      async def main():
          one, two = loop.create_future(), loop.create_future()
          tasks = [create_task(waits(one)), create_task(waits(two))]
          await sleep(0)
          one.set_result('value')
          two.set_exception(ValueError('failed'))
          log(*[task.cancel('stop') for task in tasks])
          await sleep(0)
          log(one.result(), two.exception(), one.cancelled())
    `
    sameTrace(python, function* main(log, loop) {
      const waits = coroutine(function* (future: Future<string>) {
        try {
          log(yield* future)
        } catch (error) {
          log(error)
        }
      })
      const [one, two] = [loop.createFuture<string>(), loop.createFuture<string>()]
      const tasks = [loop.createTask(waits(one)), loop.createTask(waits(two))]
      yield* sleep(0)
      one.setResult('value')
      two.setException(new RangeError('failed'))
      log(...tasks.map(task => task.cancel('stop')))
      yield* sleep(0)
      log(one.result(), two.exception(), one.cancelled())
    })
  })

  test('point 13: through a chain of tasks the message reaches the outer one in 2 turns, and is raised there once', () => {
    const python = `
      async def inner():
          await sleep(1000)

      async def middle():
          await create_task(inner())

      async def main():
          outer = create_task(middle())
          await sleep(1)
          outer.cancel('bye')
          for turn in range(1, 4):
              await sleep(0)
              log(turn, outer.done())
          for _ in range(2):
              try:
                  outer.result()
              except CancelledError as error:
                  log(error)
          try:
              outer.exception()
          except CancelledError as error:
              log(error)
    `
    sameTrace(python, function* main(log, loop) {
      const inner = coroutine(function* () {
        yield* sleep(1000)
      })
      const middle = coroutine(function* () {
        yield* loop.createTask(inner())
      })
      const outer = loop.createTask(middle())
      yield* sleep(1)
      outer.cancel('bye')
      for (let turn = 1; turn < 4; turn++) {
        yield* sleep(0)
        log(turn, outer.done())
      }
      for (const ask of [() => outer.result(), () => outer.result(), () => outer.exception()]) {
        try {
          ask()
        } catch (error) {
          log(error)
        }
      }
    })
  })
})
