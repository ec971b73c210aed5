// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { currentTask, type Future, gather, sleep } from '@fosen/event-loop'
import { inMicrotasks } from '../limits.ts'
import type { Scenario } from '../run-scenarios.ts'

export const scheduling: readonly Scenario[] = [
  {
    name: 'runs tasks in turns',
    expected: `
      async def work(name):
          for turn in range(3):
              log(name, turn)
              await sleep(0)
          return name

      async def main():
          tasks = [create_task(work(name)) for name in 'abc']
          log('created')
          return await gather(*tasks)
    `,
    program: function* (log, loop) {
      const work = coroutine(function* (name: string) {
        for (let turn = 0; turn < 3; turn++) {
          log(name, turn)
          yield* sleep(0)
        }
        return name
      })
      const tasks = [...'abc'].map(name => loop.createTask(work(name)))
      log('created')
      return yield* gather(tasks)
    },
  },
  {
    name: 'runs callbacks in batches, and goes on after those that were there before',
    expected: `
      async def main():
          def one():
              log(1)
              loop.call_soon(log, 3)
          loop.call_soon(one)
          loop.call_soon(log, 2)
          for ms in 0, -1:
              log('slept', await sleep(ms, 'value'))
    `,
    program: function* (log, loop) {
      const one = () => {
        log(1)
        loop.callSoon(log, 3)
      }
      loop.callSoon(one)
      loop.callSoon(log, 2)
      for (const ms of [0, -1]) log('slept', yield* sleep(ms, 'value'))
    },
  },
  {
    name: 'calls back when a future is done, in order, and one that throws holds none back',
    expected: `
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
          log('at once')
          await sleep(1)
    `,
    program: function* (log, loop) {
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
      log('at once')
      yield* sleep(1)
    },
  },
  {
    name: 'runs timers by time, and in the order of setting where times are equal',
    expected: `
      async def sleeper(name, ms):
          log(await sleep(ms, name))

      async def main():
          now = loop.time()
          loop.call_at(now + 5, log, 'late')
          for name in 'abcdef':
              loop.call_at(now + 3, log, name)
          loop.call_at(now + 1, log, 'early')
          loop.call_at(now - 1, log, 'past')
          cancelled = loop.call_at(now + 3, log, 'never')
          cancelled.cancel()
          await gather(sleeper('a sleep', 8), sleeper('another', 80))
    `,
    program: function* (log, loop) {
      const sleeper = coroutine(function* (name: string, ms: number) {
        log(yield* sleep(ms, name))
      })
      const now = loop.time()
      loop.callAt(now + 5, log, 'late')
      for (const name of 'abcdef') loop.callAt(now + 3, log, name)
      loop.callAt(now + 1, log, 'early')
      loop.callAt(now - 1, log, 'past')
      const cancelled = loop.callAt(now + 3, log, 'never')
      cancelled.cancel()
      yield* gather([sleeper('a sleep', 8), sleeper('another', 80)])
    },
  },
  {
    name: 'does not switch at what is done',
    expected: `
      async def child():
          return 'of the coroutine'

      async def main():
          future = loop.create_future()
          future.set_result('of the future')
          loop.call_soon(log, 'soon')
          log(await future)
          log(await child())
          log(await gather())
          await sleep(0)
    `,
    program: function* (log, loop) {
      const child = coroutine(function* () {
        return 'of the coroutine'
      })
      const future: Future<string> = loop.createFuture()
      future.setResult('of the future')
      loop.callSoon(log, 'soon')
      log(yield* future)
      log(yield* child())
      log(yield* gather([]))
      yield* sleep(0)
    },
  },
  {
    name: 'goes on one turn after the task that it waits for',
    expected: `
      async def child():
          log('child')
          loop.call_soon(log, 'soon')
          return 'result'

      async def main():
          log(await create_task(child()))
          log('resumed')
    `,
    program: function* (log, loop) {
      const child = coroutine(function* () {
        log('child')
        loop.callSoon(log, 'soon')
        return 'result'
      })
      log(yield* loop.createTask(child()))
      log('resumed')
    },
    not: inMicrotasks,
  },
  {
    name: 'runs an eager task up to where it waits, and not at all when that is its end',
    expected: `
      async def child(name, ms):
          log(name, current_task().get_name())
          if ms is not None:
              await sleep(ms)
          log(name, 'ends')
          return name

      async def main():
          done = Task(child('done', None), loop=loop, eager_start=True, name='one')
          log(done.done(), current_task().get_name() in ('one', 'two'))
          waits = Task(child('waits', 0), loop=loop, eager_start=True, name='two')
          log(waits.done())
          log(await gather(done, waits))
    `,
    program: function* (log, loop) {
      const child = coroutine(function* (name: string, ms: number | undefined) {
        log(name, currentTask()?.getName())
        if (ms !== undefined) yield* sleep(ms)
        log(name, 'ends')
        return name
      })
      const done = loop.createTask(child('done', undefined), { eagerStart: true, name: 'one' })
      log(done.done(), ['one', 'two'].includes(String(currentTask()?.getName())))
      const waits = loop.createTask(child('waits', 0), { eagerStart: true, name: 'two' })
      log(waits.done())
      log(yield* gather([done, waits]))
    },
    not: inMicrotasks,
  },
  {
    name: 'raises what a task, a coroutine, or a future fails with, and gather the first of it',
    expected: `
      async def fail(message, turns):
          for _ in range(turns):
              await sleep(0)
          raise ValueError(message)

      async def main():
          future = loop.create_future()
          future.set_exception(ValueError('of a future'))
          failing = lambda: [create_task(fail('of a task', 3)), fail('of a coroutine', 2), fail('at once', 0), future]
          for awaitable in failing():
              try:
                  await awaitable
              except ValueError as error:
                  log(error)
          try:
              await gather(fail('second', 2), fail('first', 1))
          except ValueError as error:
              log('gather', error)
          log(await gather(fail('a', 2), sleep(1, 'b'), fail('c', 1), return_exceptions=True))
          await fail('of main', 1)
    `,
    program: function* (log, loop) {
      const fail = coroutine(function* (message: string, turns: number) {
        for (let turn = 0; turn < turns; turn++) yield* sleep(0)
        throw new RangeError(message)
      })
      const future = loop.createFuture()
      future.setException(new RangeError('of a future'))
      const failing = [loop.createTask(fail('of a task', 3)), fail('of a coroutine', 2), fail('at once', 0), future]
      for (const awaitable of failing) {
        try {
          yield* awaitable
        } catch (error) {
          log(error)
        }
      }
      try {
        yield* gather([fail('second', 2), fail('first', 1)])
      } catch (error) {
        log('gather', error)
      }
      log(yield* gather([fail('a', 2), sleep(1, 'b'), fail('c', 1)], { returnExceptions: true }))
      yield* fail('of main', 1)
    },
  },
]
