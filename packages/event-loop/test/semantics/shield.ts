// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { shield, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { child, childOf } from './child.ts'
import { sameTrace } from './same-trace.ts'

describe('shield', () => {
  test('point 20: keeps a cancellation from the inner task, which finishes', () => {
    const python = `
      ${child}
      async def main():
          inner = create_task(child('inner', 10))
          outer = shield(inner)
          await sleep(1)
          log(outer.cancel('stop'), outer.cancelled(), inner.cancelling())
          try:
              await outer
          except CancelledError as error:
              log(error)
          log(await inner)
    `
    sameTrace(python, function* main(log, loop) {
      const inner = loop.createTask(childOf(log)('inner', 10))
      const outer = shield(inner)
      yield* sleep(1)
      log(outer.cancel('stop'), outer.cancelled(), inner.cancelling())
      try {
        yield* outer
      } catch (error) {
        log(error)
      }
      log(yield* inner)
    })
  })

  test('point 20: is cancelled with the inner task, without its message', () => {
    const python = `
      ${child}
      async def main():
          inner = create_task(child('inner', 10))
          outer = shield(inner)
          await sleep(1)
          inner.cancel('stop')
          try:
              await outer
          except CancelledError as error:
              log(error, outer.cancelled())
    `
    sameTrace(python, function* main(log, loop) {
      const inner = loop.createTask(childOf(log)('inner', 10))
      const outer = shield(inner)
      yield* sleep(1)
      inner.cancel('stop')
      try {
        yield* outer
      } catch (error) {
        log(error, outer.cancelled())
      }
    })
  })

  test('point 20: gives what is done itself', () => {
    const python = `
      async def main():
          done = loop.create_future()
          pending = loop.create_future()
          done.set_result(1)
          log(shield(done) is done, shield(pending) is pending)
    `
    sameTrace(python, function* main(log, loop) {
      const done = loop.createFuture<number>()
      const pending = loop.createFuture<number>()
      done.setResult(1)
      log(shield(done) === done, shield(pending) === pending)
    })
  })

  test('point 20: tells the exception handler of a failure that comes after its cancellation', () => {
    const python = `
      ${child}
      async def main():
          outer = shield(child('inner', 10, ValueError('late')))
          await sleep(1)
          outer.cancel()
          await sleep(20)
    `
    sameTrace(python, function* main(log) {
      const outer = shield(childOf(log)('inner', 10, new RangeError('late')))
      yield* sleep(1)
      outer.cancel()
      yield* sleep(20)
    })
  })
})
