import { EventLoop } from '@fosen/event-loop'
import { expect, test } from 'vitest'
import { TimerHandle } from '../src/loop/handle.ts'
import { TimerHeap } from '../src/loop/timer-heap.ts'

const loop = new EventLoop()

test('timers that are cancelled leave when they are more than half of many, and the others keep their order', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: 1000 }, (_, i) => new TimerHandle(loop, (i * 7) % 1000, () => {}, []))
  for (const timer of timers) heap.push(timer)
  for (const timer of timers) if (timer.when() % 3 > 0) timer.cancel()
  expect(heap.size).toBeLessThan(700)
  const times = []
  for (let due = heap.shiftDue(1000); due; due = heap.shiftDue(1000)) times.push(due.when())
  expect(times).toEqual(Array.from({ length: 334 }, (_, i) => 3 * i))
})

test('timers that have left count for nothing, cancelled before or after', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: 300 }, (_, i) => new TimerHandle(loop, i, () => {}, []))
  for (const timer of timers) heap.push(timer)
  for (const timer of timers.slice(0, 70)) timer.cancel()
  const due = Array.from({ length: 50 }, () => heap.shiftDue(119))
  expect([due.at(-1)?.when(), heap.shiftDue(119), heap.size]).toEqual([119, undefined, 180])
  for (const timer of timers.slice(-60)) timer.cancel()
  for (const timer of due) (timer as TimerHandle).cancel()
  expect(heap.size).toBe(180)
})
