// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, sleep, type Task, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('a task that is cancelled', () => {
  test('point 11: by itself is cancelled when it returns without a wait, unless it takes that back', () => {
    const python = `
      async def returns(uncancels):
          current_task().cancel('self')
          if uncancels:
              log(current_task().uncancel())
          return 'result'

      async def main():
          for uncancels in False, True:
              task = create_task(returns(uncancels))
              await wait([task])
              log(task.cancelled(), task.cancelling())
          await returns(False)
    `
    sameTrace(python, function* main(log, loop) {
      const returns = coroutine(function* (uncancels: boolean) {
        currentTask()?.cancel('self')
        if (uncancels) log(currentTask()?.uncancel())
        return 'result'
      })
      for (const uncancels of [false, true]) {
        const task = loop.createTask(returns(uncancels))
        yield* wait([task])
        log(task.cancelled(), task.cancelling())
      }
      yield* returns(false)
    })
  })

  test('point 11: by itself gets the CancelledError at its next wait, unless it takes every one back', () => {
    const python = `
      async def main():
          task = current_task()
          task.cancel('one')
          task.cancel('two')
          log(task.uncancel(), task.uncancel(), task.uncancel())
          await sleep(0)
          log('nothing was raised')
          task.cancel('three')
          task.cancel('four')
          log(task.uncancel())
          try:
              await sleep(10)
          except CancelledError as error:
              log(error, loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const task = currentTask() as Task<unknown>
      task.cancel('one')
      task.cancel('two')
      log(task.uncancel(), task.uncancel(), task.uncancel())
      yield* sleep(0)
      log('nothing was raised')
      task.cancel('three')
      task.cancel('four')
      log(task.uncancel())
      try {
        yield* sleep(10)
      } catch (error) {
        log(error, loop.time())
      }
    })
  })

  test('point 12: gets the CancelledError although uncancel takes it back, once what it waits for was cancelled', () => {
    const python = `
      async def waits():
          try:
              await sleep(10)
          except CancelledError as error:
              log(error, current_task().cancelling())

      async def main():
          task = create_task(waits())
          await sleep(0)
          task.cancel('stop')
          log(task.uncancel())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const waits = coroutine(function* () {
        try {
          yield* sleep(10)
        } catch (error) {
          log(error, currentTask()?.cancelling())
        }
      })
      const task = loop.createTask(waits())
      yield* sleep(0)
      task.cancel('stop')
      log(task.uncancel())
      yield* task
    })
  })
})

describe('a future', () => {
  test('point 14: that is done is not cancelled, nor given a second result, nor asked before', () => {
    const python = `
      async def main():
          future = loop.create_future()
          attempts = [future.result, future.exception, lambda: future.set_result(1)]
          attempts += [lambda: future.set_result(2), lambda: future.set_exception(ValueError()), future.cancel, future.result]
          for attempt in attempts:
              try:
                  log(attempt())
              except InvalidStateError as error:
                  log(type(error).__name__, 'not' in str(error))
    `
    sameTrace(python, function* main(log, loop) {
      const future = loop.createFuture<number>()
      const attempts = [() => future.result(), () => future.exception(), () => future.setResult(1)]
      attempts.push(
        () => future.setResult(2),
        () => future.setException(new RangeError()),
      )
      attempts.push(
        () => future.cancel(),
        () => future.result(),
      )
      for (const attempt of attempts) {
        try {
          log(attempt())
        } catch (error) {
          log((error as Error).name, (error as Error).message.includes('not'))
        }
      }
    })
  })

  test('point 14: that is the task which awaits it is refused with a RuntimeError', () => {
    const python = `
      async def main():
          try:
              await current_task()
          except RuntimeError as error:
              log(type(error).__name__)
          await sleep(0)
          log('goes on')
    `
    sameTrace(python, function* main(log) {
      try {
        yield* currentTask() as Task<unknown>
      } catch (error) {
        log((error as Error).name)
      }
      yield* sleep(0)
      log('goes on')
    })
  })
})
