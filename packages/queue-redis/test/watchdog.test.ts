import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Watchdog } from '../src/watchdog.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function watched(status: string, unanswered: number, waiting = 0) {
  const destroy = vi.fn<(error: Error) => void>()
  const client = {
    isCluster: false,
    status,
    stream: { bytesRead: 0, destroyed: false, destroy },
    commandQueue: { length: unanswered },
  }
  const calls = { waiting }
  const watchdog = new Watchdog(client as unknown as Redis, { connect: 400, answer: 800 }, () => calls.waiting > 0)
  watchdog.wake()
  return { client, calls, destroy }
}

test.each([
  ['connecting', 0, 400],
  ['connect', 1, 800],
  ['ready', 1, 800],
])(
  'what is silent while its status is %s, with %i commands unanswered, is destroyed after %i ms',
  (status, unanswered, ms) => {
    const { client, destroy } = watched(status, unanswered)
    vi.advanceTimersByTime(ms)
    expect(destroy).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(destroy.mock.calls).toEqual([[new Error(`nothing came for ${ms} ms`)]])
    client.stream = { ...client.stream, destroyed: true }
    client.status = 'end'
    client.commandQueue.length = 0
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  },
)

test('what sends a byte now and then lives', () => {
  const { client, destroy } = watched('ready', 1)
  for (let bytes = 1; bytes < 5; bytes++) {
    vi.advanceTimersByTime(700)
    client.stream.bytesRead = bytes
  }
  expect(destroy).not.toHaveBeenCalled()
})

test('what took long to be connected may take as long as any other to answer', () => {
  const { client, destroy } = watched('connecting', 0)
  client.commandQueue.length = 1
  vi.advanceTimersByTime(390)
  client.status = 'connect'
  vi.advanceTimersByTime(800)
  expect(destroy).not.toHaveBeenCalled()
  vi.advanceTimersByTime(200)
  expect(destroy).toHaveBeenCalled()
})

test('what owes no answer may be silent, and is not looked at', () => {
  const { destroy } = watched('ready', 0)
  vi.advanceTimersByTime(100)
  expect(vi.getTimerCount()).toBe(0)
  expect(destroy).not.toHaveBeenCalled()
})

test('what is not sent yet is waited for, and once it is, the answer to it', () => {
  const { client, calls, destroy } = watched('connect', 0, 1)
  vi.advanceTimersByTime(5_000)
  expect(destroy).not.toHaveBeenCalled()
  client.status = 'ready'
  client.commandQueue.length = 1
  vi.advanceTimersByTime(1_000)
  expect(destroy).toHaveBeenCalled()
  client.commandQueue.length = 0
  calls.waiting = 0
  vi.advanceTimersByTime(100)
  expect(vi.getTimerCount()).toBe(0)
})
