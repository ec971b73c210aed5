// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { type Future, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { sameTrace } from './same-trace.ts'

describe('callbacks', () => {
  test('point 1: what a batch adds runs in the next one, and timers that are due come after what was ready', () => {
    const python = `
      async def main():
          def one():
              log(1)
              loop.call_soon(log, 3)
          loop.call_soon(one)
          loop.call_later(0, log, 'timer 0')
          loop.call_soon(log, 2)
          await sleep(1)
    `
    sameTrace(python, function* main(log, loop) {
      const one = () => {
        log(1)
        loop.callSoon(log, 3)
      }
      loop.callSoon(one)
      loop.callLater(0, log, 'timer 0')
      loop.callSoon(log, 2)
      yield* sleep(1)
    })
  })

  test('point 1: a timer that becomes due together with others runs before what their callbacks add', () => {
    const python = `
      async def main():
          def chain(name):
              log(name, loop.time())
              loop.call_soon(log, name, 'soon')
              loop.call_later(0, log, name, 'at once')
          for name in 'abc':
              loop.call_later(10, chain, name)
          await sleep(20)
    `
    sameTrace(python, function* main(log, loop) {
      const chain = (name: string) => {
        log(name, loop.time())
        loop.callSoon(log, name, 'soon')
        loop.callLater(0, log, name, 'at once')
      }
      for (const name of 'abc') loop.callLater(10, chain, name)
      yield* sleep(20)
    })
  })

  test('point 2: a timer in the past runs after what was ready before it', () => {
    const python = `
      async def main():
          await sleep(10)
          loop.call_at(5, log, 'timer')
          loop.call_soon(log, 'soon')
          await sleep(1)
    `
    sameTrace(python, function* main(log, loop) {
      yield* sleep(10)
      loop.callAt(5, log, 'timer')
      loop.callSoon(log, 'soon')
      yield* sleep(1)
    })
  })

  test('point 3: those of a future run in order, between their neighbours, and one that throws holds none back', () => {
    const python = `
      async def main():
          def fail(_):
              raise ValueError('of a callback')
          future = loop.create_future()
          future.add_done_callback(lambda done: log('a', done.result()))
          future.add_done_callback(fail)
          future.add_done_callback(lambda _: log('b'))
          loop.call_soon(log, 'before')
          future.set_result('value')
          loop.call_soon(log, 'after')
          future.add_done_callback(lambda _: log('late'))
          log('sync')
          await sleep(1)
    `
    sameTrace(python, function* main(log, loop) {
      const fail = () => {
        throw new RangeError('of a callback')
      }
      const future = loop.createFuture<string>()
      future.addDoneCallback(done => log('a', done.result()))
      future.addDoneCallback(fail)
      future.addDoneCallback(() => log('b'))
      loop.callSoon(log, 'before')
      future.setResult('value')
      loop.callSoon(log, 'after')
      future.addDoneCallback(() => log('late'))
      log('sync')
      yield* sleep(1)
    })
  })

  test('point 3: one that was added twice is removed twice, and is called when it was removed too late', () => {
    const python = `
      async def main():
          def callback(_):
              log('called')
          future = loop.create_future()
          future.add_done_callback(callback)
          future.add_done_callback(callback)
          log(future.remove_done_callback(callback), future.remove_done_callback(callback))
          future.add_done_callback(callback)
          future.set_result(None)
          log(future.remove_done_callback(callback))
          await sleep(1)
    `
    sameTrace(python, function* main(log, loop) {
      const callback = () => log('called')
      const future = loop.createFuture<void>()
      future.addDoneCallback(callback)
      future.addDoneCallback(callback)
      log(future.removeDoneCallback(callback), future.removeDoneCallback(callback))
      future.addDoneCallback(callback)
      future.setResult()
      log(future.removeDoneCallback(callback))
      yield* sleep(1)
    })
  })

  test('point 3: a handle that is cancelled is not called, though its batch has begun', () => {
    const python = `
      async def main():
          loop.call_soon(lambda: handle.cancel())
          handle = loop.call_soon(log, 'never')
          timer = loop.call_later(1, log, 'never')
          timer.cancel()
          log(handle.cancelled(), timer.cancelled(), timer.when())
          await sleep(2)
          log(handle.cancelled())
    `
    sameTrace(python, function* main(log, loop) {
      loop.callSoon(() => handle.cancel())
      const handle = loop.callSoon(log, 'never')
      const timer = loop.callLater(1, log, 'never')
      timer.cancel()
      log(handle.cancelled(), timer.cancelled(), timer.when())
      yield* sleep(2)
      log(handle.cancelled())
    })
  })
})

describe('a wait', () => {
  test('point 4: for what is done does not switch', () => {
    const python = `
      async def main():
          future = loop.create_future()
          future.set_result('value')
          loop.call_soon(log, 'soon')
          log(await future)
          await sleep(0)
          log('one turn')
    `
    sameTrace(python, function* main(log, loop) {
      const future: Future<string> = loop.createFuture()
      future.setResult('value')
      loop.callSoon(log, 'soon')
      log(yield* future)
      yield* sleep(0)
      log('one turn')
    })
  })

  test('point 4: of no time, or less, is one turn', () => {
    const python = `
      async def main():
          for ms in 0, -1, -1000:
              loop.call_soon(log, 'soon')
              loop.call_soon(loop.call_soon, log, 'next turn')
              log(await sleep(ms, 'slept'), loop.time())
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const soon = (text: string) => loop.callSoon(log, text)
      for (const ms of [0, -1, -1000]) {
        loop.callSoon(log, 'soon')
        loop.callSoon(soon, 'next turn')
        log(yield* sleep(ms, 'slept'), loop.time())
      }
      yield* sleep(0)
    })
  })

  test('point 4: for a new task goes on one turn after its end', () => {
    const python = `
      async def child():
          log('child')
          loop.call_soon(log, 's1')
          return 'result'

      async def main():
          log(await create_task(child()))
          log('resumed')
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const child = coroutine(function* () {
        log('child')
        loop.callSoon(log, 's1')
        return 'result'
      })
      log(yield* loop.createTask(child()))
      log('resumed')
      yield* sleep(0)
    })
  })

  test('point 4: for a coroutine does not switch by itself', () => {
    const python = `
      async def child():
          log('child')
          return 'result'

      async def main():
          loop.call_soon(log, 'soon')
          log(await child())
          await sleep(0)
    `
    sameTrace(python, function* main(log, loop) {
      const child = coroutine(function* () {
        log('child')
        return 'result'
      })
      loop.callSoon(log, 'soon')
      log(yield* child())
      yield* sleep(0)
    })
  })
})
