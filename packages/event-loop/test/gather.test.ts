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
    const results = await main(function* () {
      const all = yield* gather([sleep(2, 'slow'), once, once] as const)
      expectTypeOf(all).toEqualTypeOf<[string, number, number]>()
      return all
    })
    expect(results).toEqual(['slow', 7, 7])
    expect(runs).toBe(1)
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
    expect(() => gather(5 as never)).toThrow('gather takes an array, as in gather([a, b]), not number')
    expect(() => gather(sleep(0) as never, sleep(0) as never)).toThrow('not a coroutine')
  })
})
