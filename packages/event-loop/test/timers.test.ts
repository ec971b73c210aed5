import { EventLoop } from '@fosen/event-loop'
import { expect, test, vi } from 'vitest'
import { TimerHandle } from '../src/loop/handle.ts'
import { TimerHeap } from '../src/loop/timer-heap.ts'

const loop = new EventLoop()

test('timers that are cancelled leave when they are more than half of many, and the others keep their order', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: 1000 }, (_, i) => new TimerHandle(loop, (i * 7) % 1000, () => {}, []))
  for (const timer of timers) heap.push(timer, timer.when())
  for (const timer of timers) if (timer.when() % 3 > 0) timer.cancel()
  expect(heap.size).toBeLessThan(700)
  const times = []
  for (let due = heap.shiftDue(1000); due; due = heap.shiftDue(1000)) times.push((due as TimerHandle).when())
  expect(times).toEqual(Array.from({ length: 334 }, (_, i) => 3 * i))
})

test('timers that have left count for nothing, cancelled before or after', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: 300 }, (_, i) => new TimerHandle(loop, i, () => {}, []))
  for (const timer of timers) heap.push(timer, timer.when())
  for (const timer of timers.slice(0, 70)) timer.cancel()
  const due = Array.from({ length: 50 }, () => heap.shiftDue(119) as TimerHandle)
  expect([due.at(-1)?.when(), heap.shiftDue(119), heap.size]).toEqual([119, undefined, 180])
  for (const timer of timers.slice(-60)) timer.cancel()
  for (const timer of due) timer.cancel()
  expect(heap.size).toBe(180)
})

test('a heap tells when the timer that was waited for is cancelled, and of no other', () => {
  const told = vi.fn()
  const heap = new TimerHeap(told)
  const [first, second] = [1, 2].map(when => new TimerHandle(loop, when, () => {}, [])) as [TimerHandle, TimerHandle]
  heap.push(second, second.when())
  heap.push(first, first.when())
  second.cancel()
  expect(told).not.toHaveBeenCalled()
  first.cancel()
  expect(told).toHaveBeenCalledOnce()
})

test('a timer that native code cancels lets go of that of Node, so that a deadlock behind it is told of at once', async () => {
  const running = new EventLoop()
  const timeouts = () => process.getActiveResourcesInfo().filter(resource => resource === 'Timeout').length
  const before = timeouts()
  const seen = await running.runUntilComplete(async () => {
    const handle = running.callLater(60_000, () => {})
    await new Promise(setImmediate)
    const armed = timeouts()
    handle.cancel()
    return [armed - before, timeouts() - before]
  })
  running.close()
  expect(seen).toEqual([1, 0])
})
