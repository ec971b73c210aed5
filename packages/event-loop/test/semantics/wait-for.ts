// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, sleep, wait, waitFor } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('waitFor', () => {
  test('point 24: waits for the clean-up of what it has cancelled, and has the CancelledError as the cause', () => {
    const python = `
      async def slow():
          try:
              await sleep(1000)
          finally:
              await sleep(5)
              log('cleaned up')

      async def main():
          for work in slow(), create_task(slow()):
              try:
                  await wait_for(work, 10)
              except TimeoutError as error:
                  log(error, error.__cause__, loop.time(), current_task().cancelling())
    `
    sameTrace(python, function* main(log, loop) {
      const slow = coroutine(function* () {
        try {
          yield* sleep(1000)
        } finally {
          yield* sleep(5)
          log('cleaned up')
        }
      })
      for (const work of [slow(), loop.createTask(slow())]) {
        try {
          yield* waitFor(work, 10)
        } catch (error) {
          log(error, (error as Error).cause, loop.time(), currentTask()?.cancelling())
        }
      }
    })
  })

  test('point 25: gives the value, or the error, with which what it has cancelled ends', () => {
    const python = `
      async def stubborn(error):
          try:
              await sleep(1000)
          except CancelledError:
              if error:
                  raise error
              return 'value'

      async def main():
          log(await wait_for(stubborn(None), 10), current_task().cancelling())
          log(await wait_for(create_task(stubborn(None)), 10), current_task().cancelling())
          for work in stubborn(ValueError('own')), create_task(stubborn(ValueError('own'))):
              try:
                  await wait_for(work, 10)
              except ValueError as error:
                  log(error, current_task().cancelling())
    `
    sameTrace(python, function* main(log, loop) {
      const stubborn = coroutine(function* (error?: Error) {
        try {
          return yield* sleep(1000, 'slept')
        } catch {
          if (error) throw error
          return 'value'
        }
      })
      log(yield* waitFor(stubborn(), 10), currentTask()?.cancelling())
      log(yield* waitFor(loop.createTask(stubborn()), 10), currentTask()?.cancelling())
      for (const work of [stubborn(new RangeError('own')), loop.createTask(stubborn(new RangeError('own')))]) {
        try {
          yield* waitFor(work, 10)
        } catch (error) {
          log(error, currentTask()?.cancelling())
        }
      }
    })
  })

  test.for([0, -1])('point 26: of %i ms starts no body, and gives the result of what is done', ms => {
    const python = `
      async def body():
          log('never')

      async def main():
          done = loop.create_future()
          done.set_result('result')
          log(await wait_for(done, ${ms}))
          loop.call_soon(log, 'soon')
          try:
              await wait_for(body(), ${ms})
          except TimeoutError as error:
              log(error, error.__cause__, loop.time())
          task = create_task(body())
          await wait_for(task, ${ms})
    `
    sameTrace(python, function* main(log, loop) {
      const body = coroutine(function* () {
        log('never')
      })
      const done = loop.createFuture<string>()
      done.setResult('result')
      log(yield* waitFor(done, ms))
      loop.callSoon(log, 'soon')
      try {
        yield* waitFor(body(), ms)
      } catch (error) {
        log(error, (error as Error).cause, loop.time())
      }
      const task = loop.createTask(body())
      yield* waitFor(task, ms)
    })
  })

  test('point 27: whose result comes in the turn of the deadline, before or after it, gives a TimeoutError', () => {
    const python = `
      async def main():
          for first in 'result', 'deadline':
              future = loop.create_future()
              settle = lambda: future.done() or future.set_result('value')
              if first == 'result':
                  loop.call_later(10, settle)
              task = create_task(wait_for(future, 10))
              await sleep(0)
              if first == 'deadline':
                  loop.call_later(10, settle)
              await wait([task])
              log(first, task.exception(), future.cancelled())
    `
    sameTrace(python, function* main(log, loop) {
      for (const first of ['result', 'deadline']) {
        const future = loop.createFuture<string>()
        const settle = () => future.done() || future.setResult('value')
        if (first === 'result') loop.callLater(10, settle)
        const task = loop.createTask(waitFor(future, 10))
        yield* sleep(0)
        if (first === 'deadline') loop.callLater(10, settle)
        yield* wait([task])
        log(first, task.exception(), future.cancelled())
      }
    })
  })
})
