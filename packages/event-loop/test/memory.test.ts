import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Timer, TimerHeap } from '../src/loop/timer-heap.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void
const used = () => {
  gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}
const burst = 300_000

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
})
afterEach(() => loop.close())

const timer = () => ({ heap: undefined, cancelled: () => false, run() {} })
const runTo = (when: number) => {
  const end = loop.createFuture<void>()
  loop.callAt(when, () => end.setResult())
  loop.runUntilCompleteSync(end)
}

describe('after a burst, a loop keeps no memory', () => {
  test('of what was ready', async () => {
    runTo(1)
    const before = used()
    const entry = { run() {} }
    for (let i = 0; i < burst; i++) loop.callSoonRunnable(entry)
    expect(used() - before).toBeGreaterThan(2)
    runTo(2)
    await vi.waitFor(() => expect(used() - before).toBeLessThan(2), { timeout: 10_000 })
  })

  test('of timers, also while one of them is left', async () => {
    loop.addTimer(timer(), 1000)
    runTo(1)
    const before = used()
    for (let i = 0; i < burst; i++) loop.addTimer(timer(), i / burst)
    expect(used() - before).toBeGreaterThan(5)
    runTo(2)
    await vi.waitFor(() => expect(used() - before).toBeLessThan(2), { timeout: 10_000 })
  })
})

test('timers keep their order while the heap gives memory back', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: burst }, timer)
  for (let i = 0; i < burst; i++) heap.push(timers[(i * 7919) % burst] as Timer, (i * 7919) % burst)
  for (let i = 0; i < burst; i++) if (heap.shiftDue(burst) !== timers[i]) expect.unreachable(`number ${i}`)
  expect(heap.size).toBe(0)
})
