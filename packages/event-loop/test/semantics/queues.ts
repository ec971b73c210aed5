import { coroutine } from '@fosen/coroutine'
import { gather, LifoQueue, PriorityQueue, Queue, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

const getter = `
      async def getter(name, queue):
          try:
              log(name, 'got', await queue.get())
          except (CancelledError, QueueShutDown) as error:
              log(name, error)

      async def putter(item, queue):
          try:
              await queue.put(item)
              log('put', item)
          except QueueShutDown as error:
              log('not put', item, error)
`

const getterOf = (log: Log) =>
  coroutine(function* (name: string, queue: Queue<number>) {
    try {
      log(name, 'got', yield* queue.get())
    } catch (error) {
      log(name, error)
    }
  })

const putterOf = (log: Log) =>
  coroutine(function* (item: number, queue: Queue<number>) {
    try {
      yield* queue.put(item)
      log('put', item)
    } catch (error) {
      log('not put', item, error)
    }
  })

describe('a Queue', () => {
  test('point 43: whose item is taken before the woken getter runs lets that wait again', () => {
    const python = `
      ${getter}
      async def main():
          queue = Queue()
          task = create_task(getter('a', queue))
          await sleep(0)
          queue.put_nowait(1)
          log(queue.qsize(), queue.get_nowait())
          await sleep(0)
          log(task.done())
          queue.put_nowait(2)
          await task
    `
    sameTrace(python, function* main(log, loop) {
      const queue = new Queue<number>()
      const task = loop.createTask(getterOf(log)('a', queue))
      yield* sleep(0)
      queue.putNowait(1)
      log(queue.qsize(), queue.getNowait())
      yield* sleep(0)
      log(task.done())
      queue.putNowait(2)
      yield* task
    })
  })

  test('point 43: wakes the next getter in the place of one that was woken and then cancelled', () => {
    const python = `
      ${getter}
      async def main():
          queue = Queue()
          tasks = [create_task(getter(name, queue)) for name in 'abc']
          await sleep(0)
          queue.put_nowait(1)
          tasks[0].cancel('stop')
          await sleep(0)
          queue.put_nowait(2)
          await gather(*tasks)
    `
    sameTrace(python, function* main(log, loop) {
      const queue = new Queue<number>()
      const tasks = [...'abc'].map(name => loop.createTask(getterOf(log)(name, queue)))
      yield* sleep(0)
      queue.putNowait(1)
      tasks[0]?.cancel('stop')
      yield* sleep(0)
      queue.putNowait(2)
      yield* gather(tasks)
    })
  })

  test('point 43: that is full lets putters in by the order of coming, and refuses who does not wait', () => {
    const python = `
      ${getter}
      async def main():
          queue = Queue(maxsize=1)
          tasks = [create_task(putter(item, queue)) for item in range(4)]
          await sleep(0)
          log(queue.full(), queue.qsize())
          try:
              queue.put_nowait(9)
          except QueueFull as error:
              log(type(error).__name__)
          tasks[1].cancel()
          for _ in range(3):
              log('got', await queue.get())
          try:
              queue.get_nowait()
          except QueueEmpty as error:
              log(type(error).__name__)
          log([task.cancelled() for task in tasks])
    `
    sameTrace(python, function* main(log, loop) {
      // One that rethrows, as putter in Python does with a CancelledError.
      const putter = coroutine(function* (item: number, queue: Queue<number>) {
        yield* queue.put(item)
        log('put', item)
      })
      const queue = new Queue<number>({ maxsize: 1 })
      const tasks = [0, 1, 2, 3].map(item => loop.createTask(putter(item, queue)))
      yield* sleep(0)
      log(queue.full(), queue.qsize())
      try {
        queue.putNowait(9)
      } catch (error) {
        log((error as Error).name)
      }
      tasks[1]?.cancel()
      for (let i = 0; i < 3; i++) log('got', yield* queue.get())
      try {
        queue.getNowait()
      } catch (error) {
        log((error as Error).name)
      }
      log(tasks.map(task => task.cancelled()))
    })
  })

  test('point 44: that is shut down refuses putters, and is empty before it refuses getters', () => {
    const python = `
      ${getter}
      async def main():
          queue = Queue(1)
          queue.put_nowait(1)
          task = create_task(putter(2, queue))
          await sleep(0)
          queue.shutdown()
          await task
          await putter(3, queue)
          await getter('a', queue)
          await getter('b', queue)
          queue.task_done()
          await queue.join()
          log('joined')
    `
    sameTrace(python, function* main(log, loop) {
      const [getter, putter] = [getterOf(log), putterOf(log)]
      const queue = new Queue<number>({ maxsize: 1 })
      queue.putNowait(1)
      const task = loop.createTask(putter(2, queue))
      yield* sleep(0)
      queue.shutdown()
      yield* task
      yield* putter(3, queue)
      yield* getter('a', queue)
      yield* getter('b', queue)
      queue.taskDone()
      yield* queue.join()
      log('joined')
    })
  })

  test('point 44: that is shut down at once drops its items, and join returns', () => {
    const python = `
      ${getter}
      async def join(queue):
          await queue.join()
          log('joined')

      async def main():
          queue = Queue()
          empty = Queue()
          tasks = [create_task(getter('a', empty)), create_task(join(queue))]
          queue.put_nowait(1)
          queue.put_nowait(2)
          await sleep(0)
          queue.shutdown(immediate=True)
          empty.shutdown(immediate=True)
          log(queue.qsize())
          await gather(*tasks)
          await getter('b', queue)
    `
    sameTrace(python, function* main(log, loop) {
      const getter = getterOf(log)
      const join = coroutine(function* (queue: Queue<number>) {
        yield* queue.join()
        log('joined')
      })
      const queue = new Queue<number>()
      const empty = new Queue<number>()
      const tasks = [loop.createTask(getter('a', empty)), loop.createTask(join(queue))]
      queue.putNowait(1)
      queue.putNowait(2)
      yield* sleep(0)
      queue.shutdown({ immediate: true })
      empty.shutdown({ immediate: true })
      log(queue.qsize())
      yield* gather(tasks)
      yield* getter('b', queue)
    })
  })

  test('point 43: gives the last item first, or the least one, when it is of that kind', () => {
    const python = `
      async def main():
          for queue in Queue(), LifoQueue(), PriorityQueue():
              for item in 2, 3, 1:
                  queue.put_nowait(item)
              log([queue.get_nowait() for _ in range(3)])
    `
    sameTrace(python, function* main(log) {
      for (const queue of [new Queue<number>(), new LifoQueue<number>(), new PriorityQueue<number>()]) {
        for (const item of [2, 3, 1]) queue.putNowait(item)
        log([1, 2, 3].map(() => queue.getNowait()))
      }
    })
  })
})
