import { coroutine } from '@fosen/coroutine'
import { CancelledError, currentTask, eagerTaskFactory, gather, sleep, taskGroup, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

const child = `
      async def child(name, ms=None, error=None):
          log(name, 'begins in', current_task().get_name())
          if ms is not None:
              await sleep(ms)
          if error:
              raise error
          log(name, 'ends')
          return name
`

const childOf = (log: Log) =>
  coroutine(function* (name: string, ms?: number, error?: Error) {
    log(name, 'begins in', currentTask()?.getName())
    if (ms !== undefined) yield* sleep(ms)
    if (error) throw error
    log(name, 'ends')
    return name
  })

describe('an eager task', () => {
  test('point 46: runs up to its first wait where it is created, and is done when it has none', () => {
    const python = `
      ${child}
      async def main():
          current_task().set_name('main')
          loop.call_soon(log, 'soon')
          done = loop.create_task(child('a'), name='task a', eager_start=True)
          log(done.done(), done.result(), current_task())
          waits = loop.create_task(child('b', 0), name='task b', eager_start=True)
          log(waits.done(), current_task())
          log(await done)
          log(await waits)
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      currentTask()?.setName('main')
      loop.callSoon(log, 'soon')
      const done = loop.createTask(child('a'), { name: 'task a', eagerStart: true })
      log(done.done(), done.result(), currentTask())
      const waits = loop.createTask(child('b', 0), { name: 'task b', eagerStart: true })
      log(waits.done(), currentTask())
      log(yield* done)
      log(yield* waits)
    })
  })

  test('point 46: that fails keeps its error for who asks', () => {
    const python = `
      ${child}
      async def main():
          task = loop.create_task(child('a', None, ValueError('failed')), name='a', eager_start=True)
          log(task.done(), task.exception())
          cancelled = loop.create_task(child('b', None, CancelledError('self')), name='b', eager_start=True)
          log(cancelled.done(), cancelled.cancelled())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const task = loop.createTask(child('a', undefined, new RangeError('failed')), { name: 'a', eagerStart: true })
      log(task.done(), task.exception())
      const error = new CancelledError('self')
      const cancelled = loop.createTask(child('b', undefined, error), { name: 'b', eagerStart: true })
      log(cancelled.done(), cancelled.cancelled())
      yield* task
    })
  })

  test('point 46: is cancelled where it waits, and its current task is its own', () => {
    const python = `
      async def body():
          try:
              await sleep(10)
          except CancelledError as error:
              log(current_task(), error)
              raise

      async def main():
          task = loop.create_task(body(), name='eager', eager_start=True)
          log(task.cancel('stop'))
          await wait([task])
          log(task.cancelled(), loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const body = coroutine(function* () {
        try {
          yield* sleep(10)
        } catch (error) {
          log(currentTask(), error)
          throw error
        }
      })
      const task = loop.createTask(body(), { name: 'eager', eagerStart: true })
      log(task.cancel('stop'))
      yield* wait([task])
      log(task.cancelled(), loop.time())
    })
  })

  test('point 46: is gathered although it is done', () => {
    const python = `
      ${child}
      async def main():
          loop.set_task_factory(eager_task_factory)
          loop.call_soon(log, 'soon')
          gathered = gather(create_task(child('a'), name='a'), create_task(child('b'), name='b'))
          log(gathered.done())
          log(await gathered)
          failed = create_task(child('c', None, ValueError('failed')), name='c')
          try:
              await gather(failed, create_task(child('d', 10), name='d'))
          except ValueError as error:
              log(error, loop.time())
          log(await gather(create_task(child('e'), name='e'), create_task(child('f', 20), name='f')))
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      const create = (name: string, ms?: number, error?: Error) => loop.createTask(child(name, ms, error), { name })
      loop.setTaskFactory(eagerTaskFactory)
      loop.callSoon(log, 'soon')
      const gathered = gather([create('a'), create('b')])
      log(gathered.done())
      log(yield* gathered)
      const failed = create('c', undefined, new RangeError('failed'))
      try {
        yield* gather([failed, create('d', 10)])
      } catch (error) {
        log(error, loop.time())
      }
      log(yield* gather([create('e'), create('f', 20)]))
    })
  })

  test('point 46: in a group that fails at once cancels the others', () => {
    const python = `
      ${child}
      async def main():
          loop.set_task_factory(eager_task_factory)
          try:
              async with TaskGroup() as group:
                  group.create_task(child('a', 10), name='a')
                  group.create_task(child('b', None, ValueError('failed')), name='b')
                  group.create_task(child('c', 10), name='c')
                  log('body goes on')
                  await sleep(20)
          except ExceptionGroup as error:
              log(error, loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log)
      loop.setTaskFactory(eagerTaskFactory)
      try {
        yield* taskGroup(function* (group) {
          group.createTask(child('a', 10), { name: 'a' })
          group.createTask(child('b', undefined, new RangeError('failed')), { name: 'b' })
          group.createTask(child('c', 10), { name: 'c' })
          log('body goes on')
          yield* sleep(20)
        })
      } catch (error) {
        log(error, loop.time())
      }
    })
  })
})
