import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { Parker, threadParker, unpark, unparkThread } from '@fosen/shared-memory'
import { describe, expect, test, vi } from 'vitest'

describe('a parker', () => {
  test('returns at once when there is nothing to wait for', () => {
    expect(new Parker().park(() => true)).toBe(true)
  })

  test('looks through its inboxes before it sleeps', () => {
    const parker = new Parker()
    let drained = 0
    parker.add({ drain: () => ++drained > 1, check: () => {} })
    expect(parker.park(() => drained === 1)).toBe(true)
  })

  test('looks at them again when it is unparked, and checks them while it is not', () => {
    const parker = new Parker()
    let checked = 0
    const inbox = { drain: () => false, check: () => void checked++ }
    parker.add(inbox)
    expect(parker.park(() => checked === 2)).toBe(true)
    parker.remove(inbox)
    expect(parker.park(() => checked === 3, 60)).toBe(false)
  })

  test('asks whether it is enough after each thing that it takes in, and looks at the time', () => {
    const parker = new Parker()
    let taken = 0
    parker.add({ drain: () => ++taken > 0, check: () => {} })
    expect(parker.park(() => taken === 3)).toBe(true)
    expect(taken).toBe(3)
    expect(parker.park(() => false, 5)).toBe(false)
  })

  test('looks for a wait that sleeps elsewhere: takes in what is there, and checks', () => {
    const parker = new Parker()
    const calls: string[] = []
    parker.add({ drain: () => calls.push('drain') < 2, check: () => void calls.push('check') })
    parker.look()
    expect(calls).toEqual(['drain', 'drain', 'check'])
  })

  test('does not look for ever where there is always more', () => {
    const parker = new Parker()
    parker.add({ drain: () => true, check: () => {} })
    parker.look()
  })

  test('tells its inboxes before it sleeps, and not when there is nothing to sleep for', () => {
    const parker = new Parker()
    let slept = 0
    parker.add({ drain: () => false, check: () => {}, onSleep: () => void slept++ })
    expect(parker.park(() => true)).toBe(true)
    expect(slept).toBe(0)
    // What an inbox does then is seen without a wake-up.
    expect(parker.park(() => slept > 0)).toBe(true)
    const before = slept
    parker.look()
    expect(slept).toBe(before + 1)
  })

  test('gives up when the time is over', () => {
    expect(new Parker().park(() => false, 0)).toBe(false)
    expect(new Parker().park(() => false, 5)).toBe(false)
  })

  test('misses nothing of what another thread publishes', async () => {
    const parker = threadParker()
    expect(threadParker()).toBe(parker)
    const counter = new Int32Array(new SharedArrayBuffer(4))
    const workerData = { word: parker.word, counter, times: 20_000 }
    const worker = new Worker(new URL('fixtures/unpark.ts', import.meta.url), { workerData })
    let seen = 0
    // Sleeps until the counter has moved on; a lost wake-up would cost a slice each time.
    while (seen < 20_000) {
      parker.park(() => Atomics.load(counter, 0) > seen)
      seen = Atomics.load(counter, 0)
    }
    await once(worker, 'exit')
  })

  test('is reached by the number of its thread', () => {
    const parker = new Parker({ thread: 9 })
    let looks = 0
    const until = () => {
      if (++looks === 1) unparkThread(9)
      return looks === 2
    }
    using wait = vi.spyOn(Atomics, 'wait')
    expect(parker.park(until)).toBe(true)
    expect(wait.mock.results).not.toContainEqual({ type: 'return', value: 'timed-out' })
  })

  test('finds what arrives at a port while the event loop stands still', () => {
    const parker = new Parker()
    const { port1, port2 } = new MessageChannel()
    let received: unknown
    parker.add({
      drain() {
        received ??= receiveMessageOnPort(port1)?.message
        return false
      },
      check: () => port2.postMessage('hi'),
    })
    expect(parker.park(() => received === 'hi')).toBe(true)
    port1.close()
    unpark(parker.word)
  })
})
