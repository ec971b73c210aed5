// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, sleep, Timeout, timeout, timeoutAt, wait } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('timeout', () => {
  test('point 28: that is nested expires by itself, and then the outer one does', () => {
    const python = `
      async def main():
          try:
              async with timeout(20) as outer:
                  try:
                      async with timeout(10) as inner:
                          await sleep(1000)
                  except TimeoutError as error:
                      log(error, inner.expired(), outer.expired(), current_task().cancelling(), loop.time())
                  await sleep(1000)
          except TimeoutError as error:
              log(error, error.__cause__, outer.expired(), current_task().cancelling(), loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const [outer, inner] = [new Timeout(20), new Timeout(10)]
      try {
        yield* outer.run(function* () {
          try {
            yield* inner.run(function* () {
              yield* sleep(1000)
            })
          } catch (error) {
            log(error, inner.expired(), outer.expired(), currentTask()?.cancelling(), loop.time())
          }
          yield* sleep(1000)
        })
      } catch (error) {
        log(error, (error as Error).cause, outer.expired(), currentTask()?.cancelling(), loop.time())
      }
    })
  })

  test('point 29: of the same deadline expires too: the inner one raises CancelledError, the outer TimeoutError', () => {
    const python = `
      async def main():
          try:
              async with timeout(10) as outer:
                  try:
                      async with timeout(10) as inner:
                          await sleep(1000)
                  except CancelledError as error:
                      log(error, inner.expired(), outer.expired(), current_task().cancelling())
                      raise
          except TimeoutError as error:
              log(error, inner.expired(), outer.expired(), current_task().cancelling())
    `
    sameTrace(python, function* main(log) {
      const [outer, inner] = [new Timeout(10), new Timeout(10)]
      try {
        yield* outer.run(function* () {
          try {
            yield* inner.run(function* () {
              yield* sleep(1000)
            })
          } catch (error) {
            log(error, inner.expired(), outer.expired(), currentTask()?.cancelling())
            throw error
          }
        })
      } catch (error) {
        log(error, inner.expired(), outer.expired(), currentTask()?.cancelling())
      }
    })
  })

  test('point 30: whose task is cancelled in the turn of the deadline leaves the CancelledError', () => {
    const python = `
      async def body():
          try:
              async with timeout(10):
                  await sleep(1000)
          except CancelledError as error:
              log(error, current_task().cancelling())
              raise

      async def main():
          tasks = [loop.create_task(body()) for _ in range(2)]
          loop.call_at(10, tasks[0].cancel, 'outside, first')
          await sleep(1)
          loop.call_at(10, tasks[1].cancel, 'outside, second')
          await wait(tasks)
          log([task.cancelled() for task in tasks])
    `
    sameTrace(python, function* main(log, loop) {
      const body = coroutine(function* () {
        try {
          yield* timeout(10, () => sleep(1000))
        } catch (error) {
          log(error, currentTask()?.cancelling())
          throw error
        }
      })
      const tasks = [loop.createTask(body()), loop.createTask(body())]
      const cancel = (i: number, message: string) => tasks[i]?.cancel(message)
      loop.callAt(10, cancel, 0, 'outside, first')
      yield* sleep(1)
      loop.callAt(10, cancel, 1, 'outside, second')
      yield* wait(tasks)
      log(tasks.map(task => task.cancelled()))
    })
  })

  test.for([0, -5])('point 31: of %i ms starts the body, and is over at its first wait', ms => {
    const python = `
      async def main():
          try:
              async with timeout(${ms}) as scope:
                  log('starts')
                  loop.call_soon(log, 'soon')
                  await sleep(0)
                  log('never')
          except TimeoutError as error:
              log(error, scope.expired(), loop.time())
          async with timeout(${ms}) as scope:
              log('starts')
          log('no wait', scope.expired())
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      let scope = new Timeout(ms)
      try {
        yield* scope.run(function* () {
          log('starts')
          loop.callSoon(log, 'soon')
          yield* sleep(0)
          log('never')
        })
      } catch (error) {
        log(error, scope.expired(), loop.time())
      }
      scope = new Timeout(ms)
      yield* scope.run(function* () {
        log('starts')
      })
      log('no wait', scope.expired())
      yield* sleep(0)
    })
  })

  test('point 32: can be moved and disabled while it is active, and not after its end', () => {
    const python = `
      async def main():
          async with timeout(10) as scope:
              log(scope.when())
              scope.reschedule(None)
              log(scope.when())
              await sleep(20)
          for use in lambda: scope.reschedule(100), scope.__aenter__().__await__().__next__, lambda: Timeout(1).reschedule(2):
              try:
                  use()
              except RuntimeError as error:
                  log(error)
          try:
              async with timeout_at(1000) as scope:
                  scope.reschedule(25)
                  await sleep(100)
          except TimeoutError as error:
              log(error, scope.when(), loop.time())
          scope.reschedule(100)
    `
    sameTrace(python, function* main(log, loop) {
      let scope = new Timeout(10)
      yield* scope.run(function* () {
        log(scope.when())
        scope.reschedule(undefined)
        log(scope.when())
        yield* sleep(20)
      })
      const enter = () => scope.run(() => sleep(0)).next()
      for (const use of [() => scope.reschedule(100), enter, () => new Timeout(1).reschedule(2)]) {
        try {
          use()
        } catch (error) {
          log(error)
        }
      }
      try {
        yield* timeoutAt(1000, function* (it) {
          scope = it
          it.reschedule(25)
          yield* sleep(100)
        })
      } catch (error) {
        log(error, scope.when(), loop.time())
      }
      scope.reschedule(100)
    })
  })

  test('point 32: outside of a task is refused', () => {
    const python = `
      async def enter():
          async with timeout(10):
              pass

      async def main():
          loop.call_soon(enter().send, None)
          await sleep(0)
    `
    sameTrace(python, function* main(_, loop) {
      loop.callSoon(() => timeout(10, () => sleep(0)).next())
      yield* sleep(0)
    })
  })
})
