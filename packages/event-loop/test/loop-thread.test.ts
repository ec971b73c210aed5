import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { LoopThread, RuntimeError, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
import { TimeoutError } from '@fosen/shared-memory'
import { NotPortableError, WorkerCrashedError } from '@fosen/thread-async'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { count, crash, fail, giveFunction, waitForEver, whereAmI } from './fixtures/coroutines.ts'

let thread: LoopThread
let cells: Int32Array
beforeEach(() => {
  thread = new LoopThread({ name: 'test' })
  cells = new Int32Array(new SharedArrayBuffer(8))
})
afterEach(() => thread.close().catch(() => {}))

/** Waits until a cell has counted to `value`. */
async function counted(index: number, value: number) {
  for (let seen = Atomics.load(cells, index); seen < value; seen = Atomics.load(cells, index)) {
    await Atomics.waitAsync(cells, index, seen).value
  }
}

describe('runCoroutineThreadsafe', () => {
  test('runs the coroutine in the loop of the thread', async () => {
    const future = runCoroutineThreadsafe(whereAmI('work'), thread)
    expectTypeOf(future).resolves.toEqualTypeOf<string>()
    expect(await future).toBe('work in test-1')
  })

  test('runs many at a time in one thread', async () => {
    const futures = Array.from({ length: 100 }, (_, i) => runCoroutineThreadsafe(whereAmI(`${i}`), thread))
    expect(await Promise.all(futures)).toEqual(Array.from({ length: 100 }, (_, i) => `${i} in test-1`))
  })

  test('fails with what the coroutine throws, or with a result that cannot be cloned', async () => {
    await expect(runCoroutineThreadsafe(fail('thrown over there'), thread)).rejects.toThrow(RangeError)
    await expect(runCoroutineThreadsafe(giveFunction(), thread)).rejects.toThrow(/could not be cloned/)
  })

  test('cancels the task over there when the future is cancelled, or its signal aborted', async () => {
    const controller = new AbortController()
    const futures = [
      runCoroutineThreadsafe(waitForEver(cells), thread),
      runCoroutineThreadsafe(waitForEver(cells), thread, { signal: controller.signal }),
    ]
    await counted(0, 2)
    expect(futures[0]?.cancel()).toBe(true)
    controller.abort(new Error('no more'))
    await expect(futures[0]).rejects.toMatchObject({ name: 'CancelledError' })
    await expect(futures[1]).rejects.toMatchObject({ name: 'CancelledError', cause: new Error('no more') })
    await counted(1, 2)
  })

  test('does not run a coroutine that is cancelled before it arrives', async () => {
    await expect(
      runCoroutineThreadsafe(waitForEver(cells), thread, { signal: AbortSignal.abort('before') }),
    ).rejects.toMatchObject({ cause: 'before' })
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(0)
  })

  test('refuses what cannot move: other values, coroutines of functions that are not portable, begun ones', () => {
    expect(() => runCoroutineThreadsafe(5 as never, thread)).toThrow(TypeError)
    const local = coroutine(function* () {
      yield* sleep(0)
    })
    expect(() => runCoroutineThreadsafe(local(), thread)).toThrow(/coroutine\(portable\(import\.meta/)
    const begun = whereAmI('begun')
    begun.next()
    expect(() => runCoroutineThreadsafe(begun, thread)).toThrow(RuntimeError)
  })

  test('sends a coroutine once, and it does not run here any more', async () => {
    const coro = whereAmI('once')
    await runCoroutineThreadsafe(coro, thread)
    expect(() => runCoroutineThreadsafe(coro, thread)).toThrow('has begun')
    expect(() => coro.next()).toThrow('sent to another thread')
  })
})

describe('result', () => {
  test('blocks until the coroutine has returned, or failed', () => {
    expect(runCoroutineThreadsafe(whereAmI('work'), thread).result()).toBe('work in test-1')
    expect(() => runCoroutineThreadsafe(fail('thrown over there'), thread).result()).toThrow(RangeError)
    expect(() => runCoroutineThreadsafe(giveFunction(), thread).result()).toThrow(/could not be cloned/)
  })

  test('gives up after its timeout, and sees a crash', () => {
    expect(() => runCoroutineThreadsafe(waitForEver(cells), thread).result(5)).toThrow(TimeoutError)
    expect(runCoroutineThreadsafe(crash(), thread).exception(20_000)).toBeInstanceOf(WorkerCrashedError)
  })
})

describe('callSoonThreadsafe', () => {
  test('has the loop call the function, in order with the coroutines', async () => {
    thread.callSoonThreadsafe(count, cells, 0)
    thread.callSoonThreadsafe(count, cells, 0)
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(2)
  })

  test('does not call what was cancelled before it arrived', async () => {
    const handle = thread.callSoonThreadsafe(count, cells, 0)
    handle.cancel()
    expect(handle.cancelled()).toBe(true)
    await runCoroutineThreadsafe(whereAmI('after'), thread)
    expect(Atomics.load(cells, 0)).toBe(0)
  })

  test('refuses a function that is not portable', () => {
    expect(() => thread.callSoonThreadsafe(() => {})).toThrow(NotPortableError)
  })
})

describe('LoopThread', () => {
  test('starts when it is used, and ends when it is stopped', async () => {
    expect(thread.isAlive()).toBe(false)
    expect(thread.start().isAlive()).toBe(true)
    await runCoroutineThreadsafe(whereAmI('work'), thread)
    expect(thread.utilization()).toBeGreaterThan(0)
    thread.stop()
    await thread.join()
    expect(thread.isAlive()).toBe(false)
  })

  test('cancels what is not done when it is stopped, and lets it clean up', async () => {
    const future = runCoroutineThreadsafe(waitForEver(cells), thread)
    await counted(0, 1)
    thread.stop()
    await expect(future).rejects.toMatchObject({ name: 'CancelledError' })
    expect(future.cancelled()).toBe(true)
    await thread.join()
    expect(Atomics.load(cells, 1)).toBe(1)
  })

  test('refuses what comes after stop, started or not', async () => {
    thread.stop()
    expect(() => runCoroutineThreadsafe(whereAmI('late'), thread)).toThrow(RuntimeError)
    await using other = new LoopThread().start()
    other.stop()
    expect(() => other.callSoonThreadsafe(count, cells, 0)).toThrow('was stopped')
  })

  test('fails its coroutines and its join when it crashes', async () => {
    const waiting = runCoroutineThreadsafe(waitForEver(cells), thread)
    await expect(runCoroutineThreadsafe(crash(), thread)).rejects.toThrow(WorkerCrashedError)
    await expect(waiting).rejects.toThrow(WorkerCrashedError)
    await expect(thread.join()).rejects.toThrow(WorkerCrashedError)
    expect(() => runCoroutineThreadsafe(whereAmI('late'), thread)).toThrow(RuntimeError)
  })

  test('keeps the process alive until it is stopped, unless it is a daemon', async () => {
    const daemon = fileURLToPath(new URL('fixtures/daemon.ts', import.meta.url))
    expect((await promisify(execFile)(process.execPath, [daemon, 'daemon'])).stdout).toBe('work in loop-1\n')
    const child = execFile(process.execPath, [daemon])
    const exit = once(child, 'exit')
    for await (const chunk of child.stdout ?? []) if (String(chunk).includes('alive')) break
    expect(child.exitCode).toBeNull()
    child.kill('SIGUSR2')
    expect(await exit).toEqual([0, null])
  })
})
