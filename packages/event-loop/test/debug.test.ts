import { coroutine } from '@fosen/coroutine'
import { type ExceptionContext, isCancelled, sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

let loop: VirtualEventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new VirtualEventLoop()
  loop.setDebug(true)
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => {
  vi.restoreAllMocks()
  loop.close()
})

describe('in debug mode', () => {
  test('is a loop that was told so', () => {
    expect(loop.getDebug()).toBe(true)
    loop.setDebug(false)
    expect([loop.getDebug(), String(loop.createFuture())]).toEqual([false, '<Future pending>'])
  })

  test('futures, tasks and handles know where they were made', () => {
    const made = [loop.createFuture(), loop.createTask(sleep(0)), loop.callSoon(() => {})]
    for (const each of made) expect(String(each)).toMatch(/ created at .*debug\.test\.ts:\d+:\d+>$/)
    loop.runUntilCompleteSync(sleep(1))
  })

  test('a callback that takes long is told of, and one that does not is not', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    loop.slowCallbackDuration = 0
    loop.callSoon(function slow() {})
    loop.runUntilCompleteSync(sleep(0))
    expect(warn.mock.calls.map(([line]) => line)).toContainEqual(
      expect.stringMatching(/^Executing <Handle slow\(\) created at .*> took 0\.\d{3} seconds$/),
    )
    warn.mockClear()
    loop.slowCallbackDuration = Number.POSITIVE_INFINITY
    loop.runUntilCompleteSync(sleep(0))
    expect(warn).not.toHaveBeenCalled()
  })

  test('a task that returns although it was cancelled is told of, unless it has taken the cancellation back', () => {
    const swallow = coroutine(function* (takesBack: boolean) {
      try {
        yield* sleep(1000)
      } catch (error) {
        if (!isCancelled(error)) throw error
        if (takesBack) task.uncancel()
      }
    })
    let task = loop.createTask(swallow(true))
    for (const takesBack of [true, false]) {
      if (!takesBack) task = loop.createTask(swallow(false))
      loop.callLater(1, () => task.cancel())
      loop.runUntilCompleteSync(task)
    }
    expect(told.map(({ message }) => message)).toEqual(['A task has swallowed its cancellation'])
    expect(told[0]?.task).toBe(task)
  })
})
