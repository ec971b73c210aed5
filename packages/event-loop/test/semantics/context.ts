// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { ContextVar, copyContext, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('a context', () => {
  test('point 6: is copied for a task, and shared by a coroutine that is awaited', () => {
    const python = `
      value = ContextVar('value', default='default')

      async def child(name):
          log(name, 'sees', value.get())
          value.set(name)
          await sleep(10)
          log(name, 'has', value.get())

      async def main():
          value.set('main')
          task = create_task(child('task'))
          value.set('main, later')
          await task
          log(value.get())
          await child('coroutine')
          log(value.get())
    `
    sameTrace(python, function* main(log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const child = coroutine(function* (name: string) {
        log(name, 'sees', value.get())
        value.set(name)
        yield* sleep(10)
        log(name, 'has', value.get())
      })
      value.set('main')
      const task = loop.createTask(child('task'))
      value.set('main, later')
      yield* task
      log(value.get())
      yield* child('coroutine')
      log(value.get())
    })
  })

  test('point 6: of a callback is that of the moment at which it was added', () => {
    const python = `
      value = ContextVar('value', default='default')

      async def main():
          see = lambda name: log(name, value.get())
          future = loop.create_future()
          value.set('one')
          loop.call_soon(see, 'soon')
          loop.call_later(10, see, 'later')
          future.add_done_callback(lambda _: see('done'))
          value.set('two')
          loop.call_soon(lambda: value.set('lost'))
          future.set_result(None)
          await sleep(20)
          log(value.get())
    `
    sameTrace(python, function* main(log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const see = (name: string) => log(name, value.get())
      const future = loop.createFuture<void>()
      value.set('one')
      loop.callSoon(see, 'soon')
      loop.callLater(10, see, 'later')
      future.addDoneCallback(() => see('done'))
      value.set('two')
      loop.callSoon(() => value.set('lost'))
      future.setResult()
      yield* sleep(20)
      log(value.get())
    })
  })

  test('point 6: that a task is given is not copied', () => {
    const python = `
      value = ContextVar('value', default='default')

      async def child():
          log(value.get())
          value.set('child')

      async def main():
          context = copy_context()
          context.run(value.set, 'given')
          await create_task(child(), context=context)
          log(value.get(), context.run(value.get), context[value])
          token = value.set('set')
          value.reset(token)
          log(value.get())
    `
    sameTrace(python, function* main(log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const child = coroutine(function* () {
        log(value.get())
        value.set('child')
      })
      const context = copyContext()
      context.run(() => value.set('given'))
      yield* loop.createTask(child(), { context })
      log(
        value.get(),
        context.run(() => value.get()),
        context.get(value),
      )
      const token = value.set('set')
      value.reset(token)
      log(value.get())
    })
  })
})
