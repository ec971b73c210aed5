import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { Barrier, BrokenBarrierError, type CoGenerator, gather, RuntimeError, sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

describe('a Barrier', () => {
  test('refuses a number of parties that is none', () => {
    expect(() => new Barrier(0)).toThrow(new RangeError('parties is an integer of at least 1, not 0'))
    for (const parties of [1.5, Number.NaN]) expect(() => new Barrier(parties)).toThrow(RangeError)
    expect(() => new Barrier(undefined as never)).toThrow(TypeError)
    expect(() => new Barrier(1).with(1 as never)).toThrow(TypeError)
  })

  test('breaks by abort: for who waits, and for who comes, until reset', () => {
    const barrier = new Barrier(2)
    run(function* () {
      const waiting = loop.createTask(barrier.wait())
      yield* sleep(0)
      yield* barrier.abort()
      yield* sleep(1)
      expect(waiting.exception()).toEqual(new BrokenBarrierError('Abort or reset of barrier'))
      const late = loop.createTask(barrier.wait())
      yield* sleep(1)
      expect(late.exception()).toEqual(new BrokenBarrierError('Barrier aborted'))
      expect(late.exception()).toBeInstanceOf(RuntimeError)
      expect(inspect(barrier)).toBe('<Barrier [broken]>')
      yield* barrier.reset()
      expect(barrier.broken).toBe(false)
      expect(yield* gather([barrier.wait(), barrier.wait()])).toEqual([0, 1])
    })
  })

  test('lets those who come after a reset wait until those before have left', () => {
    const barrier = new Barrier(2)
    run(function* () {
      const before = loop.createTask(barrier.wait())
      yield* sleep(0)
      yield* barrier.reset()
      const after = loop.createTask(barrier.wait())
      yield* sleep(1)
      expect(before.exception()).toBeInstanceOf(BrokenBarrierError)
      expect([after.done(), barrier.nWaiting]).toEqual([false, 1])
      expect(yield* barrier.wait()).toBe(1)
      expect(yield* after).toBe(0)
    })
  })

  test('does not count a wait that was cancelled', () => {
    const barrier = new Barrier(2)
    run(function* () {
      const cancelled = loop.createTask(barrier.wait())
      yield* sleep(0)
      cancelled.cancel()
      yield* sleep(1)
      expect(barrier.nWaiting).toBe(0)
      expect(yield* gather([barrier.wait(), barrier.wait()])).toEqual([0, 1])
    })
  })

  test('gives each of its parties a number, and takes the next ones when they have left', () => {
    const barrier = new Barrier(3)
    const rounds = run(function* () {
      return yield* gather([1, 2, 3, 4, 5, 6].map(() => barrier.wait()))
    })
    expect(rounds).toEqual([0, 1, 2, 0, 1, 2])
  })

  test('runs the body of with when all have come, with the number', () => {
    const barrier = new Barrier(2)
    const body = function* (index: number) {
      yield* sleep(1)
      return `body ${index}`
    }
    const results = run(function* () {
      return yield* gather([barrier.with(body), barrier.with(body)])
    })
    expect(results).toEqual(['body 0', 'body 1'])
  })

  test('reads like in Python', () => {
    const barrier = new Barrier(2)
    run(function* () {
      const task = loop.createTask(barrier.wait())
      yield* sleep(0)
      expect(inspect(barrier)).toBe('<Barrier [filling, waiters:1/2]>')
      yield* barrier.wait()
      expect(inspect(barrier)).toBe('<Barrier [draining, waiters:0/2]>')
      yield* task
      expect(inspect(barrier)).toBe('<Barrier [filling, waiters:0/2]>')
    })
  })
})
