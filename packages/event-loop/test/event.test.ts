import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { type CoGenerator, Event, gather, RuntimeError, sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
let event: Event
beforeEach(() => {
  loop = new VirtualEventLoop()
  event = new Event()
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

describe('an Event', () => {
  test('refuses to be waited for in two loops, and lets everybody pass when it is set', () => {
    const other = new VirtualEventLoop()
    run(function* () {
      const task = loop.createTask(event.wait())
      yield* sleep(0)
      task.cancel()
    })
    expect(() => other.runUntilCompleteSync(event.wait())).toThrow(
      new RuntimeError('<Event [unset]> is bound to a different event loop'),
    )
    event.set()
    expect(other.runUntilCompleteSync(event.wait())).toBe(true)
    other.close()
  })

  test('keeps nothing of a wait that is cancelled, also when it is set in the same turn', () => {
    run(function* () {
      const [before, waiting, woken, last] = [1, 2, 3, 4].map(() => loop.createTask(event.wait()))
      yield* sleep(0)
      before?.cancel()
      yield* sleep(0)
      waiting?.cancel()
      event.set()
      woken?.cancel()
      yield* sleep(0)
      expect([before, waiting, woken].map(task => task?.cancelled())).toEqual([true, true, true])
      expect(last?.result()).toBe(true)
    })
    expect(inspect(event)).toBe('<Event [set]>')
  })

  test('wakes all who wait, though it is cleared before they have their turn', () => {
    const results = run(function* () {
      const tasks = [1, 2].map(() => loop.createTask(event.wait()))
      yield* sleep(0)
      event.set()
      event.clear()
      const late = loop.createTask(event.wait())
      yield* sleep(1)
      expect(late.done()).toBe(false)
      late.cancel()
      return yield* gather(tasks)
    })
    expect(results).toEqual([true, true])
    expect(event.isSet()).toBe(false)
  })

  test('reads like in Python', () => {
    expect(inspect(event)).toBe('<Event [unset]>')
    run(function* () {
      const task = loop.createTask(event.wait())
      yield* sleep(0)
      expect(inspect(event)).toBe('<Event [unset, waiters:1]>')
      event.set()
      expect(inspect(event)).toBe('<Event [set, waiters:1]>')
      yield* task
    })
    expect(inspect(event)).toBe('<Event [set]>')
  })
})
