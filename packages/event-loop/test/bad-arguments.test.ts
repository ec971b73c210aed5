import { EventLoop, sleep, timeout } from '@fosen/event-loop'
import { afterEach, beforeEach, expect, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

test.each([
  ['sleep', (time: never) => sleep(time)],
  ['timeout', (time: never) => timeout(time, function* () {})],
  ['callLater', (time: never) => loop.callLater(time, () => {})],
  ['callAt', (time: never) => loop.callAt(time, () => {})],
])('%s shows what it was given in the place of a time', (_, call) => {
  for (const [given, shown] of [
    ['5', "not '5'"],
    [5n, 'not 5n'],
    [Symbol('soon'), 'not Symbol(soon)'],
    [Number.NaN, 'not NaN'],
    [{ ms: 5 }, 'not { ms: 5 }'],
  ]) {
    expect(() => call(given as never)).toThrow(RangeError)
    expect(() => call(given as never)).toThrow(shown as string)
  }
})

test.each([['reader'], [null], [5]])('createTask takes no options that are %o', options => {
  expect(() => loop.createTask(sleep(1), options as never)).toThrow('the options are { name, context, eagerStart }')
  expect(loop.tasks.size).toBe(0)
})
