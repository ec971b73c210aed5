import { asCompleted, FIRST_COMPLETED, FIRST_EXCEPTION, sleep, type Task, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { child, childOf } from './child.ts'
import { sameTrace } from './same-trace.ts'

describe('wait', () => {
  test('point 21: for the first exception takes none of a cancelled child', () => {
    const python = `
      ${child}
      async def main():
          children = [('a', 10), ('b', 20), ('c', 30, ValueError('c')), ('d', 40)]
          tasks = [create_task(child(*arguments), name=arguments[0]) for arguments in children]
          loop.call_later(5, tasks[0].cancel)
          done, pending = await wait(tasks, return_when=FIRST_EXCEPTION)
          log(done, pending, loop.time())
          log(tasks[2].exception())
          done, pending = await wait(tasks, return_when=FIRST_EXCEPTION)
          log(done, pending, loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const tasks = [
        loop.createTask(child('a', 10), { name: 'a' }),
        loop.createTask(child('b', 20), { name: 'b' }),
        loop.createTask(child('c', 30, new RangeError('c')), { name: 'c' }),
        loop.createTask(child('d', 40), { name: 'd' }),
      ]
      loop.callLater(5, () => tasks[0]?.cancel())
      let { done, pending } = yield* wait(tasks, { returnWhen: FIRST_EXCEPTION })
      log(done, pending, loop.time())
      log(tasks[2]?.exception())
      ;({ done, pending } = yield* wait(tasks, { returnWhen: FIRST_EXCEPTION }))
      log(done, pending, loop.time())
    })
  })

  test('point 22: ends at its timeout, or when it is cancelled, and the children go on', () => {
    const python = `
      ${child}
      async def main():
          tasks = [create_task(child('a', 10), name='a'), create_task(child('b', 20), name='b')]
          done, pending = await wait(tasks, timeout=15)
          log(done, pending, loop.time())
          waiting = create_task(wait(tasks))
          await sleep(1)
          waiting.cancel('stop')
          try:
              await waiting
          except CancelledError as error:
              log(error, tasks[1].cancelling())
          log(await tasks[1])
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const tasks = [loop.createTask(child('a', 10), { name: 'a' }), loop.createTask(child('b', 20), { name: 'b' })]
      const { done, pending } = yield* wait(tasks, { timeout: 15 })
      log(done, pending, loop.time())
      const waiting = loop.createTask(wait(tasks))
      yield* sleep(1)
      waiting.cancel('stop')
      try {
        yield* waiting
      } catch (error) {
        log(error, tasks[1]?.cancelling())
      }
      log(yield* tasks[1] as Task<string>)
    })
  })

  test('point 22: for the first completed goes on a turn after it, with all that are done by then', () => {
    const python = `
      async def main():
          futures = [loop.create_future() for _ in range(3)]
          for i in 2, 0:
              loop.call_later(10, futures[i].set_result, i)
          loop.call_later(10, loop.call_soon, log, 'soon')
          done, pending = await wait(futures, return_when=FIRST_COMPLETED)
          log([future.result() for future in done], len(pending))
          futures[1].cancel()
          done, pending = await wait(futures, return_when=FIRST_COMPLETED, timeout=0)
          log(len(done), len(pending))
    `
    sameTrace(python, function* main(log, loop) {
      const futures = [0, 1, 2].map(() => loop.createFuture<number>())
      for (const i of [2, 0]) loop.callLater(10, () => futures[i]?.setResult(i))
      loop.callLater(10, () => loop.callSoon(log, 'soon'))
      let { done, pending } = yield* wait(futures, { returnWhen: FIRST_COMPLETED })
      log(
        [...done].map(future => future.result()),
        pending.size,
      )
      futures[1]?.cancel()
      ;({ done, pending } = yield* wait(futures, { returnWhen: FIRST_COMPLETED, timeout: 0 }))
      log(done.size, pending.size)
    })
  })

  test('point 22: refuses nothing at all, and bare coroutines', () => {
    const python = `
      ${child}
      async def main():
          for futures in [], [child('a', 1)]:
              try:
                  await wait(futures)
              except Exception as error:
                  log(error)
    `
    sameTrace(python, function* main(log) {
      for (const futures of [[], [childOf(log)('a', 1)]]) {
        try {
          yield* wait(futures as unknown as Task<string>[])
        } catch (error) {
          log(error)
        }
      }
    })
  })
})

describe('asCompleted', () => {
  test('point 23: gives results in the order of completion, and TimeoutErrors for the rest, which goes on', () => {
    const python = `
      ${child}
      async def main():
          children = [('a', 30), ('b', 10), ('c', 20, ValueError('c')), ('d', 40)]
          tasks = [create_task(child(*arguments)) for arguments in children]
          for next in as_completed(tasks, timeout=25):
              try:
                  log(await next, loop.time())
              except Exception as error:
                  log(error, loop.time())
          log(await gather(tasks[0], tasks[3]))
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const tasks = [child('a', 30), child('b', 10), child('c', 20, new RangeError('c')), child('d', 40)].map(each =>
        loop.createTask(each),
      )
      for (const next of asCompleted(tasks, { timeout: 25 })) {
        try {
          log(yield* next, loop.time())
        } catch (error) {
          log(error, loop.time())
        }
      }
      log([yield* tasks[0] as Task<string>, yield* tasks[3] as Task<string>])
    })
  })

  test('point 23: gone through asynchronously gives the tasks themselves', () => {
    const python = `
      ${child}
      async def main():
          tasks = [create_task(child('a', 20), name='a'), create_task(child('b', 10), name='b')]
          async for task in as_completed(tasks):
              log(task, task in tasks, task.done(), task.result())
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const tasks = [loop.createTask(child('a', 20), { name: 'a' }), loop.createTask(child('b', 10), { name: 'b' })]
      const completed = asCompleted(tasks)[Symbol.asyncIterator]()
      for (let step = yield* completed.next(); !step.done; step = yield* completed.next()) {
        const task = step.value as Task<string>
        log(task, tasks.includes(task), task.done(), task.result())
      }
    })
  })
})
