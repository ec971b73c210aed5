import { coroutine } from '@fosen/coroutine'
import { CancelledError, EventLoop, type ExceptionContext, sleep, wrapFuture } from '@fosen/event-loop'
import { ThreadFuture } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
let call: ThreadFuture<string>
/** Whether who runs the call lets it be cancelled. */
let withdraws: boolean
beforeEach(() => {
  loop = new EventLoop()
  withdraws = true
  call = new ThreadFuture<string>(() => withdraws)
})
afterEach(() => loop.close())

const turns = (n: number) =>
  loop.runUntilComplete(
    coroutine(function* () {
      for (let i = 0; i < n; i++) yield* sleep(0)
    })(),
  )

describe('wrapFuture', () => {
  test.each([[undefined], [null], [5], [{}], [Promise.resolve()]])('refuses %s', value => {
    expect(() => wrapFuture(value as never, { loop })).toThrow(TypeError)
  })

  test('needs a loop', () => {
    expect(() => wrapFuture(call)).toThrow('no running event loop')
  })

  test('gives a future of a loop back', () => {
    const future = loop.createFuture()
    expect(wrapFuture(future)).toBe(future)
  })

  test('has the result in a turn of the loop', async () => {
    const future = wrapFuture(call, { loop })
    call.setResult('result')
    expect(future.done()).toBe(false)
    expect(await loop.runUntilComplete(future)).toBe('result')
  })

  test('has the outcome of a call that is done already', async () => {
    call.setException(new RangeError('failed'))
    const future = wrapFuture(call, { loop })
    await expect(loop.runUntilComplete(future)).rejects.toThrow(new RangeError('failed'))
  })

  test('is cancelled when the call is', async () => {
    const future = wrapFuture(call, { loop })
    call.cancel()
    await expect(loop.runUntilComplete(future)).rejects.toThrow(CancelledError)
    expect(future.cancelled()).toBe(true)
  })

  test('cancels the call in the next turn of the loop', async () => {
    const future = wrapFuture(call, { loop })
    future.cancel()
    expect(call.cancelled()).toBe(false)
    await turns(1)
    expect(call.cancelled()).toBe(true)
  })

  test('drops what comes of a call that could not be cancelled', async () => {
    withdraws = false
    const [cancelled, answered] = [wrapFuture(call, { loop }), wrapFuture(call, { loop })]
    cancelled.cancel()
    answered.setResult('by another')
    await turns(1)
    expect(call.done()).toBe(false)
    call.setException(new Error('dropped'))
    await turns(2)
    expect([cancelled.cancelled(), answered.result()]).toEqual([true, 'by another'])
  })

  test('tells of a failure that arrives when the loop is closed', async () => {
    const told: ExceptionContext[] = []
    loop.setExceptionHandler((_, context) => told.push(context))
    const pending = wrapFuture(call, { loop })
    const cancelledCall = new ThreadFuture(() => true)
    wrapFuture(cancelledCall, { loop })
    loop.close()
    call.setException(new Error('too late'))
    cancelledCall.cancel()
    expect(pending.done()).toBe(false)
    expect(told).toEqual([
      { message: 'a call in a thread failed when its loop was closed', error: new Error('too late') },
    ])
  })
})
