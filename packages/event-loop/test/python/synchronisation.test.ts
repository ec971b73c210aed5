// biome-ignore-all lint/correctness/useYield: a body that does not wait is one, too
import { coroutine } from '@fosen/coroutine'
import {
  Barrier,
  BoundedSemaphore,
  BrokenBarrierError,
  type CoGenerator,
  Condition,
  createTask,
  Event,
  gather,
  Lock,
  Semaphore,
  sleep,
} from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

testRows('Synchronisation', {
  '`async with lock: …`, of an `asyncio.Lock()`': function* () {
    const lock = new Lock()
    const body = function* () {
      return lock.locked()
    }
    expect([yield* lock.with(body), lock.locked()]).toEqual([true, false])
  },

  '`await lock.acquire()`, `lock.release()`, `lock.locked()`': function* () {
    const lock = new Lock()
    expect([yield* lock.acquire(), lock.locked()]).toEqual([true, true])
    lock.release()
    expect(lock.locked()).toBe(false)
  },

  '`asyncio.Event()`, `event.set()`, `event.clear()`, `event.is_set()`, `await event.wait()`': function* (loop) {
    const event = new Event()
    const waiting = createTask(event.wait())
    loop.callLater(5, () => event.set())
    expect([yield* waiting, loop.time(), event.isSet()]).toEqual([true, 5, true])
    event.clear()
    expect(event.isSet()).toBe(false)
  },

  '`async with condition: await condition.wait_for(lambda: ready)`': function* (loop) {
    const condition = new Condition()
    let ready = false
    const setter = coroutine(function* () {
      yield* sleep(5)
      yield* condition.with(function* () {
        ready = true
        condition.notify()
      })
    })
    createTask(setter())
    yield* condition.with(function* () {
      yield* condition.waitFor(() => ready)
    })
    expect([ready, loop.time(), condition.locked()]).toEqual([true, 5, false])
  },

  '`asyncio.Condition(lock)`, `await condition.wait()`, `condition.notify(2)`, `condition.notify_all()`': function* () {
    const lock = new Lock()
    const condition = new Condition(lock)
    const woken: number[] = []
    const waits = coroutine(function* (name: number) {
      yield* condition.with(function* () {
        yield* condition.wait()
        woken.push(name)
      })
    })
    const tasks = [0, 1, 2, 3].map(name => createTask(waits(name)))
    yield* sleep(1)
    yield* lock.acquire()
    condition.notify(2)
    lock.release()
    yield* sleep(1)
    expect(woken).toEqual([0, 1])
    yield* condition.with(function* () {
      condition.notifyAll()
    })
    yield* gather(tasks)
    expect(woken).toEqual([0, 1, 2, 3])
  },

  '`asyncio.Semaphore(2)`, `asyncio.BoundedSemaphore(2)`': function* (loop) {
    const [semaphore, bounded] = [new Semaphore(2), new BoundedSemaphore(2)]
    const visit = coroutine(function* () {
      yield* semaphore.with(function* () {
        yield* sleep(10)
      })
    })
    yield* gather([visit(), visit(), visit()])
    expect([loop.time(), yield* bounded.acquire(), bounded.locked()]).toEqual([20, true, false])
    bounded.release()
    expect(() => bounded.release()).toThrow(RangeError)
  },

  '`async with asyncio.Barrier(2) as index: …`': function* () {
    const barrier = new Barrier(2)
    // Each `new Barrier(2).with(…)` would wait for itself alone.
    const comes = () =>
      barrier.with(function* (index) {
        return index
      })
    expect(yield* gather([comes(), comes()])).toEqual([0, 1])
  },

  '`await barrier.wait()`, `await barrier.reset()`, `await barrier.abort()`': function* () {
    const barrier = new Barrier(2)
    const broken = function* (breaks: () => CoGenerator<void>): CoGenerator<unknown> {
      const waiting = createTask(barrier.wait())
      yield* sleep(1)
      yield* breaks()
      return (yield* gather([waiting], { returnExceptions: true }))[0]
    }
    const errors = [yield* broken(() => barrier.reset()), yield* broken(() => barrier.abort())]
    expect(errors).toEqual([expect.any(BrokenBarrierError), expect.any(BrokenBarrierError)])
  },

  '`barrier.parties`, `barrier.n_waiting`, `barrier.broken`': function* () {
    const barrier = new Barrier(2)
    const waiting = createTask(barrier.wait())
    yield* sleep(1)
    expect([barrier.parties, barrier.nWaiting, barrier.broken]).toEqual([2, 1, false])
    yield* barrier.wait()
    yield* waiting
  },
})
