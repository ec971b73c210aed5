// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { type CancelledError, currentTask, type Future, gather, isCancelled, sleep } from '@fosen/event-loop'
import { inMicrotasks } from '../limits.ts'
import type { Scenario } from '../run-scenarios.ts'

export const cancellation: readonly Scenario[] = [
  {
    name: 'raises a CancelledError at each wait, also at those of finally blocks',
    expected: `
      async def work(turn):
          try:
              try:
                  log(turn, 'begins')
                  await sleep(turn and 1000)
                  await sleep(1000)
              finally:
                  log(turn, 'cleans up', current_task().cancelling())
                  await sleep(1)
                  await loop.create_future()
          finally:
              log(turn, 'cleans up more', current_task().cancelling())
              await sleep(1)
              log(turn, 'ends')

      async def main():
          for turn in range(2):
              task = create_task(work(turn))
              await sleep(20)
              log(task.cancel('one'), task.done(), task.cancelling())
              await sleep(20)
              log(task.cancel('two'), task.done(), task.cancelling())
              try:
                  await task
              except CancelledError as error:
                  log(error, task.cancelled(), task.cancel())
    `,
    program: function* (log, loop) {
      const work = coroutine(function* (turn: number) {
        try {
          try {
            log(turn, 'begins')
            yield* sleep(turn && 1000)
            yield* sleep(1000)
          } finally {
            log(turn, 'cleans up', currentTask()?.cancelling())
            yield* sleep(1)
            yield* loop.createFuture()
          }
        } finally {
          log(turn, 'cleans up more', currentTask()?.cancelling())
          yield* sleep(1)
          log(turn, 'ends')
        }
      })
      for (const turn of [0, 1]) {
        const task = loop.createTask(work(turn))
        yield* sleep(20)
        log(task.cancel('one'), task.done(), task.cancelling())
        yield* sleep(20)
        log(task.cancel('two'), task.done(), task.cancelling())
        try {
          yield* task
        } catch (error) {
          log(error, task.cancelled(), task.cancel())
        }
      }
    },
  },
  {
    name: 'does not begin a task that is cancelled before',
    expected: `
      async def body():
          log('never')

      async def main():
          task = create_task(body())
          log(task.cancel('early'), task.cancelled(), task.done())
          await sleep(0)
          log(task.cancelled(), task.done(), task.cancelling())
          await task
    `,
    program: function* (log, loop) {
      const body = coroutine(function* () {
        log('never')
      })
      const task = loop.createTask(body())
      log(task.cancel('early'), task.cancelled(), task.done())
      yield* sleep(0)
      log(task.cancelled(), task.done(), task.cancelling())
      yield* task
    },
  },
  {
    name: 'raises once for two cancellations in a turn, again for a later one, and the result stands',
    expected: `
      async def stubborn():
          for attempt in range(3):
              try:
                  await sleep(1 if attempt == 2 else 1000)
                  log('slept')
              except CancelledError as error:
                  log(attempt, error)
          return 'result'

      async def main():
          task = create_task(stubborn())
          await sleep(1)
          log(task.cancel('one'), task.cancel('two'), task.cancelling())
          await sleep(0)
          await sleep(0)
          task.cancel('three')
          log(await task, task.cancelled(), task.cancelling(), task.uncancel())
    `,
    program: function* (log, loop) {
      const stubborn = coroutine(function* () {
        for (let attempt = 0; attempt < 3; attempt++) {
          try {
            yield* sleep(attempt === 2 ? 1 : 1000)
            log('slept')
          } catch (error) {
            log(attempt, error)
          }
        }
        return 'result'
      })
      const task = loop.createTask(stubborn())
      yield* sleep(1)
      log(task.cancel('one'), task.cancel('two'), task.cancelling())
      yield* sleep(0)
      yield* sleep(0)
      task.cancel('three')
      log(yield* task, task.cancelled(), task.cancelling(), task.uncancel())
    },
  },
  {
    name: 'raises the CancelledError though the future got a result, or failed, in the same turn',
    expected: `
      async def waits(future):
          try:
              log(await future)
          except BaseException as error:
              log(error)
              await sleep(0)

      async def main():
          one, two = loop.create_future(), loop.create_future()
          tasks = [create_task(waits(one)), create_task(waits(two))]
          await sleep(1)
          one.set_result('value')
          two.set_exception(ValueError('failed'))
          log(*[task.cancel('stop') for task in tasks])
          await gather(*tasks)
          log(one.result(), two.exception(), one.cancelled())
    `,
    program: function* (log, loop) {
      const waits = coroutine(function* (future: Future<string>) {
        try {
          log(yield* future)
        } catch (error) {
          log(error)
          yield* sleep(0)
        }
      })
      const [one, two] = [loop.createFuture<string>(), loop.createFuture<string>()]
      const tasks = [loop.createTask(waits(one)), loop.createTask(waits(two))]
      yield* sleep(1)
      one.setResult('value')
      two.setException(new RangeError('failed'))
      log(...tasks.map(task => task.cancel('stop')))
      yield* gather(tasks)
      log(one.result(), two.exception(), one.cancelled())
    },
    not: inMicrotasks,
  },
  {
    name: 'of a task by itself is raised where it waits next, unless it takes it back',
    expected: `
      async def yields():
          log(current_task().cancel('own'))
          log(await sleep(0, 'not reached'))

      async def inner():
          current_task().cancel('own')
          return 'value'

      async def nested():
          log(await inner())
          await sleep(0)

      async def takes_back():
          log(current_task().cancel('own'), current_task().uncancel())
          return await sleep(0, 'goes on')

      async def only_returns():
          current_task().cancel('own')
          return 'value'

      async def main():
          for work in yields, nested, takes_back, only_returns:
              task = create_task(work())
              try:
                  log(await task)
              except CancelledError as error:
                  log(error, task.cancelled(), task.cancelling())
    `,
    program: function* (log, loop) {
      const yields = coroutine(function* () {
        log(currentTask()?.cancel('own'))
        log(yield* sleep(0, 'not reached'))
      })
      const inner = coroutine(function* () {
        currentTask()?.cancel('own')
        return 'value'
      })
      const nested = coroutine(function* () {
        log(yield* inner())
        yield* sleep(0)
      })
      const takesBack = coroutine(function* () {
        log(currentTask()?.cancel('own'), currentTask()?.uncancel())
        return yield* sleep(0, 'goes on')
      })
      const onlyReturns = coroutine(function* () {
        currentTask()?.cancel('own')
        return 'value'
      })
      for (const work of [yields, nested, takesBack, onlyReturns]) {
        const task = loop.createTask<unknown>(work() as never)
        try {
          log(yield* task)
        } catch (error) {
          log(error, task.cancelled(), task.cancelling())
        }
      }
    },
  },
  {
    name: 'in a coroutine that has waited before is raised where the task waits next',
    expected: `
      async def inner():
          await sleep(1)
          current_task().cancel('own')
          return 'value'

      async def main():
          async def outer():
              log(await inner())
              await sleep(0)
          async def takes_back():
              log(await inner(), current_task().uncancel())
              return await sleep(0, 'goes on')
          for work in outer, takes_back:
              task = create_task(work())
              try:
                  log(await task)
              except CancelledError as error:
                  log(error)
    `,
    program: function* (log, loop) {
      const inner = coroutine(function* () {
        yield* sleep(1)
        currentTask()?.cancel('own')
        return 'value'
      })
      const outer = coroutine(function* () {
        log(yield* inner())
        yield* sleep(0)
      })
      const takesBack = coroutine(function* () {
        log(yield* inner(), currentTask()?.uncancel())
        return yield* sleep(0, 'goes on')
      })
      for (const work of [outer, takesBack]) {
        const task = loop.createTask<unknown>(work() as never)
        try {
          log(yield* task)
        } catch (error) {
          log(error)
        }
      }
    },
  },
  {
    name: 'reaches the innermost of tasks, coroutines and gather, and its message comes back',
    expected: `
      async def innermost():
          try:
              await sleep(1000)
          finally:
              log('innermost')

      async def middle():
          try:
              await create_task(innermost())
          finally:
              log('middle')

      async def main():
          task = create_task(middle())
          everything = gather(task, middle())
          async def waits():
              return await everything
          outer = create_task(waits())
          await sleep(1)
          log(outer.cancel('bye'))
          try:
              await outer
          except CancelledError as error:
              log(error, task.cancelled(), everything.cancelled(), outer.cancelled())
    `,
    program: function* (log, loop) {
      const innermost = coroutine(function* () {
        try {
          yield* sleep(1000)
        } finally {
          log('innermost')
        }
      })
      const middle = coroutine(function* () {
        try {
          yield* loop.createTask(innermost())
        } finally {
          log('middle')
        }
      })
      const task = loop.createTask(middle())
      const everything = gather([task, middle()])
      const waits = coroutine(function* () {
        return yield* everything
      })
      const outer = loop.createTask(waits())
      yield* sleep(1)
      log(outer.cancel('bye'))
      try {
        yield* outer
      } catch (error) {
        log(error, task.cancelled(), everything.cancelled(), outer.cancelled())
      }
    },
  },
  {
    name: 'can be told from failures, and a failure while cleaning up takes its place',
    expected: `
      async def work():
          try:
              await sleep(1000)
          except Exception:
              log('not reached')
          finally:
              await sleep(0)
              raise ValueError('while cleaning up')

      async def main():
          task = create_task(work())
          await sleep(1)
          task.cancel()
          try:
              await task
          except ValueError as error:
              log(error, task.cancelled(), task.exception())
    `,
    program: function* (log, loop) {
      const work = coroutine(function* () {
        try {
          yield* sleep(1000)
        } catch (error) {
          if (isCancelled(error)) throw error
          log('not reached')
        } finally {
          yield* sleep(0)
          throwError(new RangeError('while cleaning up'))
        }
      })
      function throwError(error: RangeError | CancelledError) {
        throw error
      }
      const task = loop.createTask(work())
      yield* sleep(1)
      task.cancel()
      try {
        yield* task
      } catch (error) {
        log(error, task.cancelled(), task.exception())
      }
    },
  },
]
