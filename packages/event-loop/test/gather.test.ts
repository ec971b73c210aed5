import { coroutine } from '@fosen/coroutine'
import { CancelledError, EventLoop, gather, RuntimeError, type Suspend, sleep } from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

const main = <T>(body: () => Generator<Suspend, T>) => loop.runUntilComplete(coroutine(body)())

describe('gather', () => {
  test('gives the results in the order of its arguments, and runs one that stands twice once', async () => {
    let runs = 0
    const once = coroutine(function* () {
      runs++
      return yield* sleep(1, 7)
    })()
    const awaitable = {
      *[Symbol.iterator]() {
        runs++
        return yield* sleep(1, 8)
      },
    }
    const results = await main(function* () {
      const all = yield* gather([sleep(2, 'slow'), once, once, awaitable, awaitable] as const)
      expectTypeOf(all).toEqualTypeOf<[string, number, number, number, number]>()
      return all
    })
    expect(results).toEqual(['slow', 7, 7, 8, 8])
    expect(runs).toBe(2)
  })

  test('of nothing is done at once', async () => {
    const body = function* () {
      return yield* gather([])
    }
    expect(await main(body)).toEqual([])
  })

  test('fails with the first error, and the others go on', async () => {
    const gate = loop.createFuture<string>()
    const wait = coroutine(function* () {
      return yield* gate
    })
    const survivor = loop.createTask(wait())
    const failing = coroutine(function* () {
      yield* sleep(1)
      throw new RangeError('first')
    })
    await expect(loop.runUntilComplete(gather([survivor, failing()]))).rejects.toThrow(RangeError)
    expect(survivor.done()).toBe(false)
    gate.setResult('alive')
    expect(await loop.runUntilComplete(survivor)).toBe('alive')
  })

  test('with returnExceptions gives errors among the results', async () => {
    const task = loop.createTask(sleep(60_000))
    loop.callSoon(() => task.cancel())
    const failing = coroutine(function* () {
      yield* sleep(0)
      throw new RangeError('one')
    })
    const all = gather([task, failing(), sleep(0, 'fine')], { returnExceptions: true })
    expect(await loop.runUntilComplete(all)).toEqual([new CancelledError(), new RangeError('one'), 'fine'])
  })

  test('cancels its children when it is cancelled, and is done when the first of them is', async () => {
    const children = [loop.createTask(sleep(60_000)), loop.createTask(sleep(60_000))]
    const all = gather(children)
    loop.callSoon(() => {
      expect(all.cancel()).toBe(true)
      expect(all.done()).toBe(false)
    })
    await expect(loop.runUntilComplete(all)).rejects.toThrow(CancelledError)
    expect(children.map(child => child.cancelled())).toEqual([true, true])
  })

  test('needs a running loop for coroutines', () => {
    expect(() => gather([sleep(0)])).toThrow(RuntimeError)
  })

  test('with returnExceptions raises its cancellation when all have ended, with its message', async () => {
    let cleanedUp = false
    const slow = coroutine(function* () {
      try {
        yield* sleep(60_000)
      } finally {
        yield* sleep(1)
        cleanedUp = true
      }
    })
    const all = gather([loop.createTask(sleep(60_000)), loop.createTask(slow())], { returnExceptions: true })
    loop.callSoon(() => loop.callSoon(() => all.cancel('enough')))
    await expect(loop.runUntilComplete(all)).rejects.toThrow('enough')
    expect(cleanedUp).toBe(true)
  })

  test('is cancelled although its children go on', async () => {
    const stubborn = coroutine(function* () {
      try {
        yield* sleep(60_000)
      } catch {
        return 'stubborn'
      }
      return 'not cancelled'
    })
    const child = loop.createTask(stubborn())
    const all = gather([child])
    loop.callSoon(() => loop.callSoon(() => all.cancel()))
    await expect(loop.runUntilComplete(all)).rejects.toThrow(CancelledError)
    expect(child.result()).toBe('stubborn')
  })

  test('refuses what is not an array', () => {
    expect(() => gather(5 as never)).toThrow('gather takes an array, as in gather([a, b]), not 5')
    expect(() => gather(sleep(0) as never, sleep(0) as never)).toThrow('not Coroutine { <CORO_CREATED> }')
  })

  test('cancels one that stands twice twice, and says false when nothing is left to cancel', async () => {
    const child = loop.createTask(sleep(60_000))
    const all = gather([child, child])
    expect([all.cancel(), child.cancelling(), all.done()]).toEqual([true, 2, false])
    const future = loop.createFuture()
    const cancelled = gather([future])
    expect([cancelled.cancel(), cancelled.cancel(), cancelled.done()]).toEqual([true, false, false])
    await expect(loop.runUntilComplete(all)).rejects.toThrow(CancelledError)
    await expect(loop.runUntilComplete(cancelled)).rejects.toThrow(CancelledError)
  })

  test('of nothing cannot be cancelled, and of what is done is done', async () => {
    const done = loop.createFuture<string>()
    done.setResult('there')
    expect(gather([done, done]).result()).toEqual(['there', 'there'])
    await main(function* () {
      const nothing = gather([])
      expect([nothing.done(), nothing.cancel()]).toEqual([true, false])
      yield* sleep(0)
    })
  })

  test('leaves the message of a cancellation to who asks the child, and gives that of a future', async () => {
    const [task, early, future] = [loop.createTask(sleep(60_000)), loop.createTask(sleep(0)), loop.createFuture()]
    early.cancel('before it began')
    loop.callSoon(() => {
      task.cancel('of the task')
      future.cancel('of the future')
    })
    const results = await loop.runUntilComplete(gather([task, early, future], { returnExceptions: true }))
    expect(results).toEqual(['', '', 'of the future'].map(message => new CancelledError(message)))
    expect(() => task.result()).toThrow(new CancelledError('of the task'))
  })

  test('fails with the message of a cancellation that its last child found in no wait, and swallowed', async () => {
    const stubborn = coroutine(function* () {
      try {
        for (;;) yield* sleep(0)
      } catch {
        return {}
      }
    })
    const all = gather([loop.createTask(stubborn())])
    loop.callSoon(() => loop.callSoon(() => all.cancel('enough')))
    await expect(loop.runUntilComplete(all)).rejects.toThrow(new CancelledError('enough'))
  })

  test.each([false, true])('gives whatever was thrown, with returnExceptions: %s', async returnExceptions => {
    const failing = coroutine(function* () {
      yield* sleep(0)
      throw undefined
    })
    const all = loop.runUntilComplete(gather([loop.createTask(failing())], { returnExceptions }))
    if (returnExceptions) expect(await all).toEqual([undefined])
    else await expect(all).rejects.toBe(undefined)
  })

  test('that is refused starts those that stand before, whose errors nobody is told', async () => {
    const told: unknown[] = []
    loop.setExceptionHandler((_, context) => told.push(context))
    const failing = coroutine(function* () {
      yield* sleep(0)
      throw new RangeError('nobody asks')
    })
    await main(function* () {
      expect(() => gather([failing(), 5 as never])).toThrow(TypeError)
      yield* sleep(1)
    })
    loop.close()
    expect(told).toEqual([])
  })

  test('refuses a future of another loop', async () => {
    using other = new EventLoop()
    await main(function* () {
      expect(() => gather([other.createFuture()])).toThrow(RuntimeError)
      yield* sleep(0)
    })
  })
})
