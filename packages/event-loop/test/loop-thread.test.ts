import { getEventListeners } from 'node:events'
import { coroutine } from '@fosen/coroutine'
import { RuntimeError, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { TimeoutError } from '@fosen/shared-memory'
import { NotPortableError, transfer, WorkerCrashedError } from '@fosen/thread-async'
import { describe, expect, expectTypeOf } from 'vitest'
import {
  cancelItself,
  count,
  countTold,
  crash,
  fail,
  failCleaningUp,
  firstByte,
  giveFunction,
  lengthLeft,
  moveBytes,
  waitForEver,
  whereAmI,
} from './fixtures/coroutines.ts'
import { counted } from './fixtures/counted.ts'
import { countWhenTold } from './fixtures/loop-users.ts'
import { test } from './with-loop-thread.ts'

describe('runCoroutineThreadsafe', () => {
  test('runs the coroutine in the loop of the thread', async ({ thread }) => {
    const future = runCoroutineThreadsafe(whereAmI('work'), thread)
    expectTypeOf(future).resolves.toEqualTypeOf<string>()
    expect(await future).toBe('work in test-1')
  })

  test('runs many at a time in one thread', async ({ thread }) => {
    const futures = Array.from({ length: 100 }, (_, i) => runCoroutineThreadsafe(whereAmI(`${i}`), thread))
    expect(await Promise.all(futures)).toEqual(Array.from({ length: 100 }, (_, i) => `${i} in test-1`))
  })

  test('fails with what the coroutine throws, or with a result that cannot be cloned', async ({ thread }) => {
    await expect(runCoroutineThreadsafe(fail('thrown over there'), thread)).rejects.toThrow(RangeError)
    await expect(runCoroutineThreadsafe(giveFunction(), thread)).rejects.toThrow(/could not be cloned/)
  })

  test('cancels the task over there when the future is cancelled, or its signal aborted', async ({ thread, cells }) => {
    const controller = new AbortController()
    const futures = [
      runCoroutineThreadsafe(waitForEver(cells), thread),
      runCoroutineThreadsafe(waitForEver(cells), thread, { signal: controller.signal }),
    ]
    await counted(cells, 0, 2)
    expect(futures[0]?.cancel()).toBe(true)
    controller.abort(new Error('no more'))
    await expect(futures[0]).rejects.toMatchObject({ name: 'CancelledError' })
    await expect(futures[1]).rejects.toMatchObject({ name: 'CancelledError', cause: new Error('no more') })
    await counted(cells, 1, 2)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('leaves no listener at the signal of a coroutine that is done', async ({ thread }) => {
    const { signal } = new AbortController()
    await runCoroutineThreadsafe(whereAmI('work'), thread, { signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('tells the loop over there when a cancelled coroutine fails in its clean-up', async ({ thread, cells }) => {
    const future = runCoroutineThreadsafe(failCleaningUp(cells), thread)
    await counted(cells, 0, 1)
    thread.callSoonThreadsafe(countTold, cells)
    future.cancel()
    await expect(future).rejects.toMatchObject({ name: 'CancelledError' })
    await thread.close()
    expect(Atomics.load(cells, 1)).toBe(1)
  })

  test('is cancelled without a cause when the coroutine cancels itself', async ({ thread }) => {
    const future = runCoroutineThreadsafe(cancelItself(), thread)
    expect(future.running()).toBe(false)
    const error = await future.then(undefined, error => error)
    expect([error.name, error.cause]).toEqual(['CancelledError', undefined])
  })

  test('does not run a coroutine that is cancelled before it arrives', async ({ thread, cells }) => {
    await expect(
      runCoroutineThreadsafe(waitForEver(cells), thread, { signal: AbortSignal.abort('before') }),
    ).rejects.toMatchObject({ cause: 'before' })
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(0)
  })

  test('moves what `transfer` has marked, in arguments and results', async ({ thread }) => {
    const bytes = new Uint8Array([5])
    expect(await runCoroutineThreadsafe(firstByte(transfer(bytes, [bytes.buffer])), thread)).toBe(5)
    expect(bytes.length).toBe(0)
    expect(await runCoroutineThreadsafe(moveBytes(), thread)).toEqual({ bytes: new Uint8Array([7]) })
    expect(await runCoroutineThreadsafe(lengthLeft(), thread)).toBe(0)
  })

  test('refuses what cannot move: other values, coroutines of functions that are not portable, begun ones', ({
    thread,
  }) => {
    expect(() => runCoroutineThreadsafe(5 as never, thread)).toThrow(TypeError)
    const local = coroutine(function* () {
      yield* sleep(0)
    })
    expect(() => runCoroutineThreadsafe(local(), thread)).toThrow(/coroutine\(portable\(import\.meta/)
    const begun = whereAmI('begun')
    begun.next()
    expect(() => runCoroutineThreadsafe(begun, thread)).toThrow(RuntimeError)
    begun.return(undefined as never)
    const ended = whereAmI('ended')
    ended.return(undefined as never)
    expect(() => runCoroutineThreadsafe(ended, thread)).toThrow(RuntimeError)
  })

  test('refuses a thread and a signal that are none, and does not send the coroutine', async ({ thread }) => {
    const coro = whereAmI('kept')
    expect(() => runCoroutineThreadsafe(coro, {} as never)).toThrow('a LoopThread is needed, not {}')
    expect(() => runCoroutineThreadsafe(coro, thread, { signal: {} as never })).toThrow('signal is an AbortSignal')
    expect(await runCoroutineThreadsafe(coro, thread)).toBe('kept in test-1')
  })

  test('takes arguments as they are when the coroutine is sent, and refuses what cannot be cloned', async ({
    thread,
  }) => {
    const buffer = new Uint8Array(1)
    const futures = [0, 1, 2].map(value => {
      buffer[0] = value
      return runCoroutineThreadsafe(firstByte(buffer), thread)
    })
    expect(await Promise.all(futures)).toEqual([0, 1, 2])
    expect(() => runCoroutineThreadsafe(whereAmI(Symbol() as never), thread)).toThrow(/could not be cloned/)
    expect(() => thread.callSoonThreadsafe(count, Symbol() as never, 0)).toThrow(/could not be cloned/)
  })

  test('sends a coroutine once, and it does not run here any more', async ({ thread }) => {
    const coro = whereAmI('once')
    await runCoroutineThreadsafe(coro, thread)
    expect(() => runCoroutineThreadsafe(coro, thread)).toThrow('has begun')
    expect(() => coro.next()).toThrow('sent to another thread')
  })
})

describe('result', () => {
  test('blocks until the coroutine has returned, or failed', ({ thread }) => {
    expect(runCoroutineThreadsafe(whereAmI('work'), thread).result()).toBe('work in test-1')
    expect(() => runCoroutineThreadsafe(fail('thrown over there'), thread).result()).toThrow(RangeError)
    expect(() => runCoroutineThreadsafe(giveFunction(), thread).result()).toThrow(/could not be cloned/)
  })

  test('gives up after its timeout, which leaves the coroutine running', async ({ thread, cells }) => {
    const future = runCoroutineThreadsafe(countWhenTold(cells), thread)
    expect(() => future.result(5)).toThrow(TimeoutError)
    expect(() => future.exception(0)).toThrow(TimeoutError)
    Atomics.store(cells, 1, 1)
    expect(future.result()).toBe('told')
  })

  test('sees a crash', async ({ thread }) => {
    expect(runCoroutineThreadsafe(crash(), thread).exception(20_000)).toBeInstanceOf(WorkerCrashedError)
    await expect(thread.close()).rejects.toThrow(WorkerCrashedError)
  })
})

describe('callSoonThreadsafe', () => {
  test('has the loop call the function, in order with the coroutines', async ({ thread, cells }) => {
    thread.callSoonThreadsafe(count, cells, 0)
    thread.callSoonThreadsafe(count, cells, 0)
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(2)
  })

  test('does not call what was cancelled before it arrived', async ({ thread, cells }) => {
    const handle = thread.callSoonThreadsafe(count, cells, 0)
    handle.cancel()
    expect(handle.cancelled()).toBe(true)
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(0)
  })

  test('refuses a function that is not portable', ({ thread }) => {
    expect(() => thread.callSoonThreadsafe(() => {})).toThrow(NotPortableError)
  })
})
