import { AsyncLocalStorage } from 'node:async_hooks'
import { coroutine } from '@fosen/coroutine'
import { ContextVar, copyContext, currentTask, gather, getRunningLoop, Lock, sleep, type Task } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import type { Scenario } from '../run-scenarios.ts'

export const contexts: readonly Scenario[] = [
  {
    name: 'copies the context for a task, and shares it with a coroutine that is awaited',
    expected: `
      value = ContextVar('value', default='default')

      async def child(name):
          log(name, 'sees', value.get())
          value.set(name)
          await sleep(1)
          log(name, 'has', value.get())

      async def main():
          log(value.get())
          await child('coroutine')
          log(value.get())
          task = create_task(child('task'))
          value.set('main')
          await task
          log(value.get(), task.get_context()[value], current_task().get_context()[value])
    `,
    program: function* (log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const child = coroutine(function* (name: string) {
        log(name, 'sees', value.get())
        value.set(name)
        yield* sleep(1)
        log(name, 'has', value.get())
      })
      log(value.get())
      yield* child('coroutine')
      log(value.get())
      const task = loop.createTask(child('task'))
      value.set('main')
      yield* task
      log(value.get(), task.getContext().get(value), currentTask()?.getContext().get(value))
    },
  },
  {
    name: 'keeps the context of a task apart from that of others, at each wait',
    expected: `
      value = ContextVar('value')

      async def work(name):
          seen = []
          for turn in range(3):
              token = value.set(f'{name}{turn}')
              await sleep(0)
              seen.append(value.get())
              if turn == 1:
                  value.reset(token)
                  seen.append(value.get())
              await sleep(2 - turn)
              seen.append(value.get())
          return seen

      async def main():
          log(await gather(work('a'), work('b'), create_task(work('c'))))
          log(value.get('not set here'))
    `,
    program: function* (log, loop) {
      const value = new ContextVar<string>('value')
      const work = coroutine(function* (name: string) {
        const seen: unknown[] = []
        for (let turn = 0; turn < 3; turn++) {
          const token = value.set(`${name}${turn}`)
          yield* sleep(0)
          seen.push(value.get())
          if (turn === 1) {
            value.reset(token)
            seen.push(value.get())
          }
          yield* sleep(2 - turn)
          seen.push(value.get())
        }
        return seen
      })
      log(yield* gather([work('a'), work('b'), loop.createTask(work('c'))]))
      log(value.get('not set here'))
    },
  },
  {
    name: 'calls a callback in the context of the moment at which it was added',
    expected: `
      value = ContextVar('value', default='default')

      async def main():
          see = lambda name: log(name, value.get())
          future = loop.create_future()
          loop.call_soon(see, 'unset')
          await sleep(0)
          value.set('one')
          loop.call_soon(see, 'soon')
          loop.call_later(2, see, 'later')
          future.add_done_callback(lambda _: see('done'))
          value.set('two')
          loop.call_soon(lambda: value.set('lost'))
          future.set_result(None)
          await sleep(5)
          log(value.get())
    `,
    program: function* (log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const see = (name: string) => log(name, value.get())
      const future = loop.createFuture<void>()
      loop.callSoon(see, 'unset')
      yield* sleep(0)
      value.set('one')
      loop.callSoon(see, 'soon')
      loop.callLater(2, see, 'later')
      future.addDoneCallback(() => see('done'))
      value.set('two')
      loop.callSoon(() => value.set('lost'))
      future.setResult()
      yield* sleep(5)
      log(value.get())
    },
  },
  {
    name: 'runs a task in the context that it is given, and lets functions run in another one',
    expected: `
      value = ContextVar('value', default='default')

      async def child():
          log(value.get())
          value.set('child')
          await sleep(0)
          log(value.get(), current_task().get_context() is given)

      async def main():
          global given
          given = copy_context()
          given.run(value.set, 'given')
          await create_task(child(), context=given)
          log(value.get(), given.run(value.get), given[value])
    `,
    program: function* (log, loop) {
      const value = new ContextVar('value', { default: 'default' })
      const given = copyContext()
      const child = coroutine(function* () {
        log(value.get())
        value.set('child')
        yield* sleep(0)
        log(value.get(), currentTask()?.getContext() === given)
      })
      given.run(() => value.set('given'))
      yield* loop.createTask(child(), { context: given })
      const get = () => value.get()
      log(value.get(), given.run(get), given.get(value))
    },
  },
  {
    name: 'keeps the AsyncLocalStorage of who made a task, a callback or a timer',
    expected: [
      'task of a',
      'soon of b',
      'task of a, having slept',
      'body of a',
      'timer of c',
      'done callback of d',
      'main None',
      'main returned None',
    ],
    program: function* (log, loop) {
      const storage = new AsyncLocalStorage<string>()
      const lock = new Lock()
      const work = coroutine(function* () {
        log('task of', storage.getStore())
        yield* sleep(0)
        log('task of', `${storage.getStore()}, having slept`)
        yield* lock.with(function* () {
          yield* sleep(0)
          log('body of', storage.getStore())
        })
      })
      const see = (name: string) => log(name, storage.getStore())
      const done = loop.createFuture<void>()
      const task = storage.run('a', () => loop.createTask(work()))
      storage.run('b', () => loop.callSoon(see, 'soon of'))
      const end = storage.run('c', () => loop.callLater(20, see, 'timer of'))
      storage.run('d', () => done.addDoneCallback(() => see('done callback of')))
      yield* task
      loop.callAt(end.when(), () => done.setResult())
      yield* sleep(25)
      log('main', storage.getStore())
    },
  },
  {
    name: 'has a running loop and a current task at each step, and no task in a callback',
    expected: `
      async def child():
          seen = [current_task().get_name()]
          await sleep(0)
          seen.append(current_task().get_name())
          async with lock:
              await sleep(1)
              seen.append(current_task(loop).get_name())
          seen.append(get_running_loop() is loop)
          return seen

      async def awaited():
          await sleep(0)
          return current_task().get_name()

      async def main():
          global lock
          lock = Lock()
          current_task().set_name('main')
          loop.call_soon(lambda: log(get_running_loop() is loop, current_task()))
          log(await gather(create_task(child(), name='one'), create_task(child(), name='two')))
          log(await awaited(), current_task().get_name())
    `,
    program: function* (log, loop) {
      const lock = new Lock()
      const child = coroutine(function* () {
        const seen: unknown[] = [currentTask()?.getName()]
        yield* sleep(0)
        seen.push(currentTask()?.getName())
        yield* lock.with(function* () {
          yield* sleep(1)
          seen.push(currentTask(loop)?.getName())
        })
        seen.push(getRunningLoop() === loop)
        return seen
      })
      const awaited = coroutine(function* () {
        yield* sleep(0)
        return currentTask()?.getName()
      })
      currentTask()?.setName('main')
      loop.callSoon(() => log(getRunningLoop() === loop, currentTask()))
      log(yield* gather([loop.createTask(child(), { name: 'one' }), loop.createTask(child(), { name: 'two' })]))
      log(yield* awaited(), currentTask()?.getName())
    },
  },
  {
    name: 'refuses a future of another loop, and a task that waits for itself',
    expected: ['RuntimeError', 'RuntimeError', 'main returned goes on'],
    program: function* (log, loop) {
      const other = new VirtualEventLoop()
      const waits = coroutine(function* () {
        yield* other.createFuture()
      })
      const itself = coroutine(function* (): Generator {
        yield* currentTask() as Task<unknown>
      })
      for (const work of [waits, itself]) {
        try {
          yield* loop.createTask(work() as never)
        } catch (error) {
          log((error as Error).name)
        }
      }
      other.close()
      return yield* sleep(0, 'goes on')
    },
  },
]
