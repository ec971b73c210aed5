import { sleep, Timeout, TimeoutError, timeout, timeoutAt } from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

testRows('Timeouts', {
  '`async with asyncio.timeout(1) as scope: …`, or `asyncio.timeout(None)`': function* (loop) {
    let late: Timeout | undefined
    try {
      yield* timeout(1000, function* (scope) {
        late = scope
        yield* sleep(60_000)
      })
      expect.unreachable('it is too late')
    } catch (error) {
      expect(error).toBeInstanceOf(TimeoutError)
    }
    expect([late?.expired(), loop.time()]).toEqual([true, 1000])
    yield* timeout(undefined, () => sleep(60_000))
    expect(loop.time()).toBe(61_000)
  },

  '`async with asyncio.timeout_at(loop.time() + 1): …`': function* (loop) {
    const scope = yield* timeoutAt(loop.time() + 1000, function* (scope) {
      yield* sleep(1)
      return scope
    })
    expect([scope.when(), scope.expired()]).toEqual([1000, false])
  },

  '`scope.when()`, `scope.reschedule(when)`, `scope.expired()`': function* (loop) {
    yield* timeout(10, function* (scope) {
      scope.reschedule((scope.when() ?? 0) + 10)
      yield* sleep(15)
      expect([loop.time(), scope.when(), scope.expired()]).toEqual([15, 20, false])
    })
  },

  '`async with asyncio.Timeout(when): …`': function* (loop) {
    const scope = new Timeout(loop.time() + 10)
    const body = function* () {
      return yield* sleep(1, 'in time')
    }
    expect([yield* scope.run(body), scope.when()]).toEqual(['in time', 10])
  },
})
