import { Future, isFuture, sleep } from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

testRows('Futures', {
  '`loop.create_future()`, `asyncio.Future()`': function* (loop) {
    const futures = [loop.createFuture(), new Future()]
    yield* sleep(0)
    expect(futures.map(future => [future.loop, future.done()])).toEqual(Array(2).fill([loop, false]))
  },

  '`future.set_result(1)`, `future.set_exception(error)`': function* (loop) {
    const [future, failed] = [loop.createFuture<number>(), loop.createFuture()]
    future.setResult(1)
    const error = new Error('failed')
    failed.setException(error)
    expect([yield* future, failed.exception()]).toEqual([1, error])
  },

  '`await future`, `future.get_loop()`': function* (loop) {
    const future = loop.createFuture<number>()
    loop.callLater(5, () => future.setResult(1))
    expect([yield* future, loop.time(), future.loop]).toEqual([1, 5, loop])
  },

  '`asyncio.isfuture(x)`': function* (loop) {
    const task = loop.createTask(sleep(0))
    expect([isFuture(task), isFuture(loop.createFuture()), isFuture(Promise.resolve())]).toEqual([true, true, false])
    yield* task
  },
})
