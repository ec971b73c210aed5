import { coroutine } from '@fosen/coroutine'
import { EventLoop, InvalidStateError, sleep } from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

describe('a future', () => {
  test('is given one outcome', () => {
    const future = loop.createFuture<number>()
    future.setResult(1)
    expect(() => future.setResult(2)).toThrow(InvalidStateError)
    expect(() => future.setException(new Error())).toThrow(InvalidStateError)
    expect(future.cancel()).toBe(false)
  })

  test('calls back in the next turn, in order, also when it is done already', async () => {
    const order: string[] = []
    const future = loop.createFuture<number>()
    const removed = () => order.push('removed')
    future.addDoneCallback(() => order.push('a'))
    future.addDoneCallback(removed)
    future.addDoneCallback(() => order.push('b'))
    expect(future.removeDoneCallback(removed)).toBe(1)
    future.setResult(1)
    future.addDoneCallback(() => order.push('late'))
    expect(order).toEqual([])
    await loop.runUntilComplete(sleep(0))
    expect(order).toEqual(['a', 'b', 'late'])
  })

  test('removes a callback as often as it was added, and no other', async () => {
    const order: string[] = []
    const twice = () => order.push('twice')
    const once = () => order.push('once')
    const never = () => order.push('never')
    const future = loop.createFuture<void>()
    expect(future.removeDoneCallback(once)).toBe(0)
    future.addDoneCallback(once)
    expect([future.removeDoneCallback(never), future.removeDoneCallback(once)]).toEqual([0, 1])
    for (const callback of [twice, once, twice, once]) future.addDoneCallback(callback)
    expect([future.removeDoneCallback(never), future.removeDoneCallback(twice)]).toEqual([0, 2])
    future.addDoneCallback(twice)
    future.setResult()
    await loop.runUntilComplete(sleep(0))
    expect(order).toEqual(['once', 'once', 'twice'])
  })

  test('can be awaited by native code', async () => {
    const future = loop.createFuture<string>()
    const awaited = (async () => await future)()
    loop.callSoon(() => future.setResult('awaited'))
    await loop.runUntilComplete(future)
    expect(await awaited).toBe('awaited')
  })

  test('is awaited by native code as soon as it is done, without a turn of the loop', async () => {
    const future = loop.createFuture<string>()
    const before = future.then(value => `${value} before`)
    future.setResult('awaited')
    expect([await before, await future]).toEqual(['awaited before', 'awaited'])
    loop.close()
    expect(await future).toBe('awaited')
  })

  test('that fails while native code awaits it is not told of', async () => {
    const told: unknown[] = []
    loop.setExceptionHandler((_, context) => told.push(context))
    const future = loop.createFuture<string>()
    const awaited = expect(future).rejects.toThrow('seen')
    future.setException(new Error('seen'))
    await awaited
    loop.close()
    expect(told).toEqual([])
  })

  test('has its outcome although its callbacks come too late for the loop', () => {
    const [succeeds, fails] = [loop.createFuture<number>(), loop.createFuture<number>()]
    for (const future of [succeeds, fails]) future.addDoneCallback(() => {})
    loop.close()
    expect(() => succeeds.setResult(7)).toThrow('Event loop is closed')
    expect(() => fails.setException(new Error('late'))).toThrow('Event loop is closed')
    expect([succeeds.result(), fails.exception()]).toEqual([7, new Error('late')])
  })
})

test('a future that is spread or compared in a task, and not waited for, throws in the place of never coming to an end', async () => {
  const future = loop.createFuture<string>()
  const spreads = coroutine(function* () {
    for (const iterable of [future, sleep(10)]) expect(() => [...iterable]).toThrow('waited for by yield*')
    yield* sleep(0)
    loop.callSoon(() => future.setResult('value'))
    return yield* future
  })
  expect(await loop.runUntilComplete(spreads())).toBe('value')
  expect(() => [...loop.createFuture()]).toThrow('waited for in a task')
})
