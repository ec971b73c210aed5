// biome-ignore-all lint/correctness/useYield: a coroutine that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import { BoundedSemaphore, gather, Lock, Semaphore, sleep } from '@fosen/event-loop'
import { describe, test } from 'vitest'
import { type Log, sameTrace } from './same-trace.ts'

const user = `
      async def user(name, lock, ms=0):
          try:
              await lock.acquire()
          except CancelledError as error:
              log(name, error)
              raise
          log(name, 'has it at', loop.time())
          await sleep(ms)
          lock.release()
          log(name, 'released it', lock.locked())
`

const userOf = (log: Log, loop: { time(): number }) =>
  coroutine(function* (name: string, lock: Lock | Semaphore, ms: number = 0) {
    try {
      yield* lock.acquire()
    } catch (error) {
      log(name, error)
      throw error
    }
    log(name, 'has it at', loop.time())
    yield* sleep(ms)
    lock.release()
    log(name, 'released it', lock.locked())
  })

describe('a Lock', () => {
  test('point 39: is taken in the order of coming', () => {
    const python = `
      ${user}
      async def main():
          lock = Lock()
          await gather(*[user(name, lock, 10) for name in 'abc'])
          log(lock.locked())
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const lock = new Lock()
      yield* gather([...'abc'].map(name => user(name, lock, 10)))
      log(lock.locked())
    })
  })

  test('point 39: that was released is not locked, yet who comes then stands behind those who wait', () => {
    const python = `
      ${user}
      async def main():
          lock = Lock()
          await lock.acquire()
          waiting = create_task(user('waiting', lock))
          await sleep(0)
          lock.release()
          log(lock.locked())
          await user('newcomer', lock)
          await waiting
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const lock = new Lock()
      yield* lock.acquire()
      const waiting = loop.createTask(user('waiting', lock))
      yield* sleep(0)
      lock.release()
      log(lock.locked())
      yield* user('newcomer', lock)
      yield* waiting
    })
  })

  test('point 39: passes by a waiter that was woken and then cancelled, and one that was cancelled before', () => {
    const python = `
      ${user}
      async def main():
          lock = Lock()
          await lock.acquire()
          tasks = [create_task(user(name, lock)) for name in 'abc']
          await sleep(0)
          tasks[1].cancel('before')
          lock.release()
          tasks[0].cancel('woken')
          await gather(*tasks, return_exceptions=True)
          log(lock.locked())
          lock.release()
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const lock = new Lock()
      yield* lock.acquire()
      const tasks = [...'abc'].map(name => loop.createTask(user(name, lock)))
      yield* sleep(0)
      tasks[1]?.cancel('before')
      lock.release()
      tasks[0]?.cancel('woken')
      yield* gather(tasks, { returnExceptions: true })
      log(lock.locked())
      lock.release()
    })
  })
})

describe('a Semaphore', () => {
  test('point 40: gives its permits in the order of coming', () => {
    const python = `
      ${user}
      async def main():
          semaphore = Semaphore(2)
          await gather(*[user(name, semaphore, ms) for name, ms in [('a', 10), ('b', 20), ('c', 30), ('d', 5), ('e', 5)]])
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const semaphore = new Semaphore(2)
      const users = { a: 10, b: 20, c: 30, d: 5, e: 5 }
      yield* gather(Object.entries(users).map(([name, ms]) => user(name, semaphore, ms)))
    })
  })

  test('point 40: takes the permit for whom it wakes, so that who comes then is the last', () => {
    const python = `
      ${user}
      async def main():
          semaphore = Semaphore(1)
          await semaphore.acquire()
          waiting = [create_task(user(name, semaphore)) for name in 'ab']
          await sleep(0)
          semaphore.release()
          log(semaphore.locked())
          await user('newcomer', semaphore)
          await gather(*waiting)
          log(semaphore.locked())
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const semaphore = new Semaphore(1)
      yield* semaphore.acquire()
      const waiting = [...'ab'].map(name => loop.createTask(user(name, semaphore)))
      yield* sleep(0)
      semaphore.release()
      log(semaphore.locked())
      yield* user('newcomer', semaphore)
      yield* gather(waiting)
      log(semaphore.locked())
    })
  })

  test('point 40: hands the permit on of a waiter that was woken and then cancelled', () => {
    const python = `
      ${user}
      async def main():
          semaphore = Semaphore(2)
          await semaphore.acquire()
          await semaphore.acquire()
          tasks = [create_task(user(name, semaphore)) for name in 'abcd']
          await sleep(0)
          semaphore.release()
          semaphore.release()
          tasks[0].cancel('woken')
          tasks[2].cancel('waiting')
          log(semaphore.locked())
          await gather(*tasks, return_exceptions=True)
          log(semaphore.locked())
    `
    sameTrace(python, function* main(log, loop) {
      const user = userOf(log, loop)
      const semaphore = new Semaphore(2)
      yield* semaphore.acquire()
      yield* semaphore.acquire()
      const tasks = [...'abcd'].map(name => loop.createTask(user(name, semaphore)))
      yield* sleep(0)
      semaphore.release()
      semaphore.release()
      tasks[0]?.cancel('woken')
      tasks[2]?.cancel('waiting')
      log(semaphore.locked())
      yield* gather(tasks, { returnExceptions: true })
      log(semaphore.locked())
    })
  })

  test('point 40: that is bounded refuses one permit too many', () => {
    const python = `
      async def main():
          semaphore = BoundedSemaphore(1)
          async with semaphore:
              log(semaphore.locked())
          semaphore.release()
    `
    sameTrace(python, function* main(log) {
      const semaphore = new BoundedSemaphore(1)
      yield* semaphore.with(function* () {
        log(semaphore.locked())
      })
      semaphore.release()
    })
  })
})
