// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { Condition, Event, gather, Lock, Queue, Semaphore, sleep } from '@fosen/event-loop'
import { inMicrotasks } from '../limits.ts'
import type { Scenario } from '../run-scenarios.ts'

export const synchronisation: readonly Scenario[] = [
  {
    name: 'gives a lock to one task after the other, and on when who waits, or has it, is cancelled',
    expected: `
      async def visit(name):
          async with lock:
              log(name, 'comes', lock.locked())
              try:
                  await sleep(20)
                  await sleep(1)
              finally:
                  await sleep(0)
                  log(name, 'goes')
          return name

      async def main():
          global lock
          lock = Lock()
          tasks = [create_task(visit(name)) for name in 'abcd']
          await sleep(1)
          tasks[0].cancel('a')
          tasks[2].cancel('c')
          log(await gather(*tasks, return_exceptions=True), lock.locked())
    `,
    program: function* (log, loop) {
      const lock = new Lock()
      const visit = coroutine(function* (name: string) {
        yield* lock.with(function* () {
          log(name, 'comes', lock.locked())
          try {
            yield* sleep(20)
            yield* sleep(1)
          } finally {
            yield* sleep(0)
            log(name, 'goes')
          }
        })
        return name
      })
      const tasks = [...'abcd'].map(name => loop.createTask(visit(name)))
      yield* sleep(1)
      tasks[0]?.cancel('a')
      tasks[2]?.cancel('c')
      log(yield* gather(tasks, { returnExceptions: true }), lock.locked())
    },
  },
  {
    name: 'gives back what the body of a lock fails with, or returns, and the lock',
    expected: `
      async def main():
          lock = Lock()
          try:
              async with lock:
                  await sleep(0)
                  raise ValueError('in the body')
          except ValueError as error:
              log(error, lock.locked())
          try:
              async with lock:
                  raise ValueError('at once')
          except ValueError as error:
              log(error, lock.locked())
          async with lock:
              async with Semaphore(1) as _:
                  log(await sleep(1, 'value'))
          log(lock.locked())
    `,
    program: function* (log) {
      const lock = new Lock()
      const semaphore = new Semaphore(1)
      try {
        yield* lock.with(function* () {
          yield* sleep(0)
          throw new RangeError('in the body')
        })
      } catch (error) {
        log(error, lock.locked())
      }
      try {
        yield* lock.with(function* () {
          throw new RangeError('at once')
        })
      } catch (error) {
        log(error, lock.locked())
      }
      log(
        yield* lock.with(function* () {
          return yield* semaphore.with(function* () {
            return yield* sleep(1, 'value')
          })
        }),
      )
      log(lock.locked())
    },
  },
  {
    name: 'passes items through a queue, and on when a getter is cancelled',
    expected: `
      async def producer(queue):
          for item in range(5):
              await queue.put(item)
              log('put', item)
          await queue.join()
          queue.shutdown()

      async def consumer(name, queue):
          try:
              while True:
                  log(name, await queue.get())
                  await sleep(1)
                  queue.task_done()
          except QueueShutDown:
              return name

      async def main():
          queue = Queue(2)
          impatient = create_task(queue.get())
          await sleep(0)
          impatient.cancel()
          log(await gather(producer(queue), consumer('a', queue), consumer('b', queue), impatient, return_exceptions=True))
    `,
    program: function* (log, loop) {
      const queue = new Queue<number>({ maxsize: 2 })
      const producer = coroutine(function* () {
        for (let item = 0; item < 5; item++) {
          yield* queue.put(item)
          log('put', item)
        }
        yield* queue.join()
        queue.shutdown()
      })
      const consumer = coroutine(function* (name: string) {
        try {
          for (;;) {
            log(name, yield* queue.get())
            yield* sleep(1)
            queue.taskDone()
          }
        } catch {
          return name
        }
      })
      const impatient = loop.createTask(queue.get())
      yield* sleep(0)
      impatient.cancel()
      log(yield* gather([producer(), consumer('a'), consumer('b'), impatient], { returnExceptions: true }))
    },
    not: inMicrotasks,
  },
  {
    name: 'wakes who waits for an event or a condition',
    expected: `
      async def main():
          event, condition = Event(), Condition()
          async def waits(name):
              await event.wait()
              async with condition:
                  log(name, 'waits')
                  await condition.wait()
                  log(name, 'was notified')
          tasks = [create_task(waits(name)) for name in 'abc']
          await sleep(5)
          event.set()
          await sleep(5)
          tasks[1].cancel()
          async with condition:
              condition.notify(1)
          await sleep(5)
          async with condition:
              condition.notify_all()
          log(await gather(*tasks, return_exceptions=True))
    `,
    program: function* (log, loop) {
      const event = new Event()
      const condition = new Condition()
      const waits = coroutine(function* (name: string) {
        yield* event.wait()
        yield* condition.with(function* () {
          log(name, 'waits')
          yield* condition.wait()
          log(name, 'was notified')
        })
      })
      const tasks = [...'abc'].map(name => loop.createTask(waits(name)))
      yield* sleep(5)
      event.set()
      yield* sleep(5)
      tasks[1]?.cancel()
      yield* condition.with(function* () {
        condition.notify(1)
      })
      yield* sleep(5)
      yield* condition.with(function* () {
        condition.notifyAll()
      })
      log(yield* gather(tasks, { returnExceptions: true }))
    },
  },
]
