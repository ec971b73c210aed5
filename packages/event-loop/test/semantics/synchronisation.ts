// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { Barrier, Condition, Event, gather, sleep, type Task } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

const waiter = `
      async def waiter(name, condition):
          async with condition:
              try:
                  await condition.wait()
                  log(name, 'was notified')
              except CancelledError as error:
                  log(name, error, condition.locked(), loop.time())
                  raise
`

const waiterOf = (log: Log, loop: { time(): number }) =>
  coroutine(function* (name: string, condition: Condition) {
    yield* condition.with(function* () {
      try {
        yield* condition.wait()
        log(name, 'was notified')
      } catch (error) {
        log(name, error, condition.locked(), loop.time())
        throw error
      }
    })
  })

describe('a Condition', () => {
  test('point 41: whose wait is cancelled takes the lock again before that is raised', () => {
    const python = `
      ${waiter}
      async def main():
          condition = Condition()
          task = create_task(waiter('a', condition))
          await sleep(0)
          await condition.acquire()
          task.cancel('stop')
          await sleep(10)
          task.cancel('again')
          await sleep(10)
          log(task.done())
          condition.release()
          await gather(task, return_exceptions=True)
          log(condition.locked(), loop.time())
    `
    sameTrace(python, function* main(log, loop) {
      const condition = new Condition()
      const task = loop.createTask(waiterOf(log, loop)('a', condition))
      yield* sleep(0)
      yield* condition.acquire()
      task.cancel('stop')
      yield* sleep(10)
      task.cancel('again')
      yield* sleep(10)
      log(task.done())
      condition.release()
      yield* gather([task], { returnExceptions: true })
      log(condition.locked(), loop.time())
    })
  })

  test('point 41: notifies another waiter in the place of one that was notified and then cancelled', () => {
    const python = `
      ${waiter}
      async def main():
          condition = Condition()
          tasks = [create_task(waiter(name, condition)) for name in 'abc']
          await sleep(0)
          async with condition:
              condition.notify()
          tasks[0].cancel('stop')
          await sleep(10)
          log([task.done() for task in tasks])
          async with condition:
              condition.notify_all()
          await gather(*tasks, return_exceptions=True)
    `
    sameTrace(python, function* main(log, loop) {
      const waiter = waiterOf(log, loop)
      const condition = new Condition()
      const tasks = [...'abc'].map(name => loop.createTask(waiter(name, condition)))
      yield* sleep(0)
      yield* condition.with(function* () {
        condition.notify()
      })
      tasks[0]?.cancel('stop')
      yield* sleep(10)
      log(tasks.map(task => task.done()))
      yield* condition.with(function* () {
        condition.notifyAll()
      })
      yield* gather(tasks, { returnExceptions: true })
    })
  })
})

describe('an Event', () => {
  test('point 42: that is set and cleared at once wakes all who wait, and nobody who comes later', () => {
    const python = `
      async def waits(name, event):
          log(name, await event.wait(), event.is_set())

      async def main():
          event = Event()
          tasks = [create_task(waits(name, event)) for name in 'ab']
          await sleep(0)
          event.set()
          event.clear()
          tasks.append(create_task(waits('late', event)))
          await sleep(10)
          log([task.done() for task in tasks])
          event.set()
          await waits('set', event)
          await gather(*tasks)
    `
    sameTrace(python, function* main(log, loop) {
      const waits = coroutine(function* (name: string, event: Event) {
        log(name, yield* event.wait(), event.isSet())
      })
      const event = new Event()
      const tasks = [...'ab'].map(name => loop.createTask(waits(name, event)))
      yield* sleep(0)
      event.set()
      event.clear()
      tasks.push(loop.createTask(waits('late', event)))
      yield* sleep(10)
      log(tasks.map(task => task.done()))
      event.set()
      yield* waits('set', event)
      yield* gather(tasks)
    })
  })
})

describe('a Barrier', () => {
  const runner = `
      async def runner(name, barrier, ms=0):
          await sleep(ms)
          try:
              log(name, await barrier.wait(), barrier.n_waiting)
          except BrokenBarrierError as error:
              log(name, type(error).__name__, barrier.broken)
  `
  const runnerOf = (log: Log) =>
    coroutine(function* (name: string, barrier: Barrier, ms: number = 0) {
      yield* sleep(ms)
      try {
        log(name, yield* barrier.wait(), barrier.nWaiting)
      } catch (error) {
        log(name, (error as Error).name, barrier.broken)
      }
    })

  test('point 45: gives those who pass together the indexes from 0 on, again and again', () => {
    const python = `
      ${runner}
      async def main():
          barrier = Barrier(3)
          await gather(*[runner(name, barrier, ms) for name, ms in zip('abcdef', [3, 1, 2, 5, 2, 4])])
    `
    sameTrace(python, function* main(log) {
      const runner = runnerOf(log)
      const barrier = new Barrier(3)
      const times = [3, 1, 2, 5, 2, 4]
      yield* gather([...'abcdef'].map((name, i) => runner(name, barrier, times[i])))
    })
  })

  test('point 45: that is aborted raises BrokenBarrierError in who waits and who comes, until it is reset', () => {
    const python = `
      ${runner}
      async def main():
          barrier = Barrier(2)
          waiting = create_task(runner('a', barrier))
          await sleep(1)
          await barrier.abort()
          await runner('b', barrier)
          await waiting
          await barrier.reset()
          log(barrier.broken, barrier.n_waiting)
          waiting = create_task(runner('c', barrier))
          await sleep(1)
          await barrier.reset()
          await waiting
          await gather(runner('d', barrier), runner('e', barrier))
    `
    sameTrace(python, function* main(log, loop) {
      const runner = runnerOf(log)
      const barrier = new Barrier(2)
      let waiting: Task<void> = loop.createTask(runner('a', barrier))
      yield* sleep(1)
      yield* barrier.abort()
      yield* runner('b', barrier)
      yield* waiting
      yield* barrier.reset()
      log(barrier.broken, barrier.nWaiting)
      waiting = loop.createTask(runner('c', barrier))
      yield* sleep(1)
      yield* barrier.reset()
      yield* waiting
      yield* gather([runner('d', barrier), runner('e', barrier)])
    })
  })
})
