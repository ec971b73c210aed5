// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, gather, sleep, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

/** Python's side of `childOf`. */
const child = `
      async def child(name, ms, error=None):
          try:
              await sleep(ms)
              if error:
                  raise error
              return name
          finally:
              log(name, 'ends at', loop.time())
`

/** A child of the programs below. */
const childOf = (log: Log, loop: { time(): number }) =>
  coroutine(function* (name: string, ms: number, error?: Error) {
    try {
      yield* sleep(ms)
      if (error) throw error
      return name
    } finally {
      log(name, 'ends at', loop.time())
    }
  })

describe('gather', () => {
  test('point 15: that is cancelled is done when its children have ended, as failed and not as cancelled', () => {
    const python = `
      ${child}
      async def main():
          gathered = gather(child('a', 10), child('b', 20))
          await sleep(1)
          log(gathered.cancel('stop'), gathered.done())
          await sleep(0)
          log(gathered.done())
          try:
              await gathered
          except CancelledError as error:
              log(error, gathered.done(), gathered.cancelled())
          log(gathered.cancel())
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const gathered = gather([child('a', 10), child('b', 20)])
      yield* sleep(1)
      log(gathered.cancel('stop'), gathered.done())
      yield* sleep(0)
      log(gathered.done())
      try {
        yield* gathered
      } catch (error) {
        log(error, gathered.done(), gathered.cancelled())
      }
      log(gathered.cancel())
    })
  })

  test.for([false, true])('point 16: whose waiter is cancelled ends cancelled, with returnExceptions: %j', returns => {
    const python = `
      ${child}
      async def waiter():
          log(await gather(child('a', 10), child('b', 20), return_exceptions=${returns ? 'True' : 'False'}))

      async def main():
          task = create_task(waiter())
          await sleep(1)
          task.cancel('stop')
          await wait([task])
          log(task.cancelled(), loop.time())
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const waiter = coroutine(function* () {
        log(yield* gather([child('a', 10), child('b', 20)], { returnExceptions: returns }))
      })
      const task = loop.createTask(waiter())
      yield* sleep(1)
      task.cancel('stop')
      yield* wait([task])
      log(task.cancelled(), loop.time())
      yield* task
    })
  })

  test('point 17: of which one child is cancelled raises CancelledError, and the siblings live', () => {
    const python = `
      ${child}
      async def main():
          one = create_task(child('a', 10))
          gathered = gather(one, child('b', 20))
          await sleep(1)
          one.cancel('stop')
          try:
              await gathered
          except CancelledError as error:
              log(error, gathered.cancelled(), current_task().cancelling())
          await sleep(30)
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const one = loop.createTask(child('a', 10))
      const gathered = gather([one, child('b', 20)])
      yield* sleep(1)
      one.cancel('stop')
      try {
        yield* gathered
      } catch (error) {
        log(error, gathered.cancelled(), currentTask()?.cancelling())
      }
      yield* sleep(30)
    })
  })

  test('point 17: with returnExceptions has the CancelledError of a child among the results', () => {
    const python = `
      ${child}
      async def main():
          one = create_task(child('a', 10))
          gathered = gather(one, child('b', 20), child('c', 5, ValueError('failed')), return_exceptions=True)
          await sleep(1)
          one.cancel('stop')
          return await gathered
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      const one = loop.createTask(child('a', 10))
      const failing = child('c', 5, new RangeError('failed'))
      const gathered = gather([one, child('b', 20), failing], { returnExceptions: true })
      yield* sleep(1)
      one.cancel('stop')
      return yield* gathered
    })
  })

  test('point 18: propagates the first error at once, and the siblings go on', () => {
    const python = `
      ${child}
      async def main():
          try:
              await gather(child('a', 20), child('b', 10, ValueError('b')), child('c', 30, TypeError('c')))
          except ValueError as error:
              log(error, loop.time())
          await sleep(100)
    `
    sameTrace(python, function* main(log, loop) {
      const child = childOf(log, loop)
      try {
        yield* gather([child('a', 20), child('b', 10, new RangeError('b')), child('c', 30, new TypeError('c'))])
      } catch (error) {
        log(error, loop.time())
      }
      yield* sleep(100)
    })
  })

  test('point 19: runs what it is given twice once', () => {
    const python = `
      async def body():
          log('runs')
          return 7

      async def main():
          coroutine = body()
          return await gather(coroutine, coroutine)
    `
    sameTrace(python, function* main(log) {
      const body = coroutine(function* () {
        log('runs')
        return 7
      })
      const made = body()
      return yield* gather([made, made])
    })
  })

  test('point 19: of nothing is done already', () => {
    const python = `
      async def main():
          gathered = gather()
          log(gathered.done(), gathered.cancel())
          loop.call_soon(log, 'soon')
          log(await gathered)
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const gathered = gather([])
      log(gathered.done(), gathered.cancel())
      loop.callSoon(log, 'soon')
      log(yield* gathered)
      yield* sleep(0)
    })
  })

  test('point 19: of what is done already is done too', () => {
    const python = `
      async def main():
          done = loop.create_future()
          done.set_result(1)
          gathered = gather(done, done)
          log(gathered.done(), gathered.cancel(), gathered.done())
          loop.call_soon(log, 'soon')
          log(await gathered)
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const done = loop.createFuture<number>()
      done.setResult(1)
      const gathered = gather([done, done])
      log(gathered.done(), gathered.cancel(), gathered.done())
      loop.callSoon(log, 'soon')
      log(yield* gathered)
      yield* sleep(0)
    })
  })
})
