import { EventLoop, LoopThread, runCoroutineThreadsafe, toThread, wrapFuture } from '@fosen/event-loop'
import { defaultThreadPool, ThreadPool } from '@fosen/thread-async'
import { afterAll, expect, vi } from 'vitest'
import { count, whereAmI } from '../fixtures/coroutines.ts'
import { add, where } from '../fixtures/functions.ts'
import { testRows } from './table.ts'

afterAll(() => defaultThreadPool().shutdown())

testRows('Threads', {
  '`await asyncio.to_thread(f, 1)`': function* () {
    expect(yield* toThread(add, 1, 2)).toBe(3)
  },

  '`await loop.run_in_executor(None, f, 1)`': function* (loop) {
    expect(yield* loop.runInExecutor(null, add, 1, 2)).toBe(3)
  },

  '`loop.set_default_executor(ThreadPoolExecutor())`': function* (loop) {
    loop.setDefaultExecutor(new ThreadPool({ name: 'own' }))
    expect(yield* toThread(where)).toBe('in own-1')
    yield* loop.shutdownDefaultExecutor()
  },

  '`await loop.shutdown_default_executor(1)`': async () => {
    const loop = new EventLoop()
    const last = loop.runInExecutor(null, add, 1, 2)
    await loop.runUntilComplete(loop.shutdownDefaultExecutor(10_000))
    expect(last.result()).toBe(3)
    expect(() => loop.runInExecutor(null, add, 1, 2)).toThrow('shutdown')
    loop.close()
  },

  '`asyncio.wrap_future(future)`': function* (loop) {
    const threadFuture = where()
    const wrapped = wrapFuture(threadFuture)
    expect([wrapped.loop, yield* wrapped]).toEqual([loop, threadFuture.result()])
  },

  '`Thread(target=loop.run_forever, daemon=True).start()`': async () => {
    await using thread = new LoopThread({ daemon: true })
    expect([thread.daemon, thread.start().isAlive()]).toEqual([true, true])
  },

  '`loop.call_soon_threadsafe(f, 1)`': async () => {
    await using thread = new LoopThread()
    const cells = new Int32Array(new SharedArrayBuffer(4))
    const handle = thread.callSoonThreadsafe(count, cells, 0)
    await vi.waitFor(() => expect(cells[0]).toBe(1), 10_000)
    expect(handle.cancelled()).toBe(false)
  },

  '`asyncio.run_coroutine_threadsafe(f(), loop)`': async () => {
    await using thread = new LoopThread({ name: 'over there' })
    expect(await runCoroutineThreadsafe(whereAmI('here'), thread)).toBe('here in over there-1')
  },

  '`future.result(timeout=1)`': async () => {
    await using thread = new LoopThread()
    const future = runCoroutineThreadsafe(whereAmI('here'), thread)
    expect(future.result(10_000)).toBe('here in loop-1')
  },
})
