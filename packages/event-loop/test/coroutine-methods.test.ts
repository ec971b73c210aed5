import { Coroutine, coroutine } from '@fosen/coroutine'
import { sleep } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { expect, test } from 'vitest'

test('coroutines of a function that waits for the loop are stepped by the own methods of JavaScript', () => {
  const nap = coroutine(function* () {
    yield* sleep(0)
  })
  new VirtualEventLoop().runUntilCompleteSync(nap())
  const { next, throw: raise } = Object.getPrototypeOf(Coroutine.prototype)
  const coro = nap()
  expect([coro.next, coro.throw]).toEqual([next, raise])
})
