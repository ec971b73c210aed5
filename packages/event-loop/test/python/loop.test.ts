import { spawnSync } from 'node:child_process'
import {
  BlockingEventLoop,
  ContextVar,
  copyContext,
  EventLoop,
  type ExceptionContext,
  getRunningLoop,
  newEventLoop,
  sleep,
} from '@fosen/event-loop'
import { expect, vi } from 'vitest'
import { testRows } from './table.ts'

testRows('Loop', {
  '`asyncio.new_event_loop()`, `asyncio.EventLoop()`': async () => {
    for (const loop of [newEventLoop(), new EventLoop()]) {
      expect([loop instanceof EventLoop, await loop.runUntilComplete(sleep(0, 'v'))]).toEqual([true, 'v'])
      loop.close()
    }
  },

  '`loop.run_until_complete(f())`': async () => {
    const [loop, blocking] = [new EventLoop(), new BlockingEventLoop()]
    expect(await loop.runUntilComplete(sleep(1, 'v'))).toBe('v')
    expect(blocking.runUntilComplete(sleep(1, 'v'))).toBe('v')
    loop.close()
    blocking.close()
  },

  '`loop.run_forever()`, `loop.stop()`': async () => {
    const called: number[] = []
    const loop = new EventLoop()
    loop.callLater(1, () => called.push(1))
    loop.callLater(2, () => loop.stop())
    await loop.runForever()
    expect(called).toEqual([1])
    loop.close()
  },

  '`loop.close()`, `loop.is_running()`, `loop.is_closed()`': async () => {
    const loop = new EventLoop()
    const states = [loop.isRunning(), loop.isClosed()]
    await loop.runUntilComplete(async () => states.push(loop.isRunning()))
    loop.close()
    expect([...states, loop.isClosed()]).toEqual([false, false, true, true])
  },

  '`asyncio.get_running_loop()`': function* (loop) {
    yield* sleep(0)
    expect(getRunningLoop()).toBe(loop)
  },

  '`loop.create_task(f())`': function* (loop) {
    expect(yield* loop.createTask(sleep(1, 'v'))).toBe('v')
  },

  '`loop.call_soon(f, 1)`': function* (loop) {
    const called: number[] = []
    loop.callSoon(n => called.push(n), 1)
    expect(called).toEqual([])
    yield* sleep(0)
    expect(called).toEqual([1])
  },

  '`loop.call_soon(f, 1, context=context)`, `loop.call_later(1, f, context=context)`': function* (loop) {
    const variable = new ContextVar<number>('variable')
    const context = copyContext()
    loop.callSoon(() => context.run((n: number) => variable.set(n), 1))
    yield* sleep(0)
    expect(context.get(variable)).toBe(1)
    const seen: unknown[] = []
    loop.callLater(1000, () => context.run(() => seen.push(variable.get())))
    yield* sleep(1000)
    yield* sleep(0)
    expect(seen).toEqual([1])
  },

  '`loop.call_later(1, f)`, `loop.call_at(loop.time() + 1, f)`': function* (loop) {
    const called: unknown[] = []
    loop.callLater(1000, () => called.push('later', loop.time()))
    loop.callAt(loop.time() + 500, () => called.push('at', loop.time()))
    yield* sleep(2000)
    expect(called).toEqual(['at', 500, 'later', 1000])
  },

  '`handle.cancel()`, `handle.cancelled()`, `timer_handle.when()`': function* (loop) {
    const called: string[] = []
    const [handle, timerHandle] = [loop.callSoon(() => called.push('soon')), loop.callLater(5, () => {})]
    handle.cancel()
    yield* sleep(1)
    expect([handle.cancelled(), called, timerHandle.when()]).toEqual([true, [], 5])
  },

  '`loop.set_exception_handler(f)`, `loop.get_exception_handler()`': function* (loop) {
    const before = loop.getExceptionHandler()
    const told: unknown[] = []
    const handler = (of: unknown, { message, error }: ExceptionContext) => told.push(of, message, error)
    loop.setExceptionHandler(handler)
    expect(loop.getExceptionHandler()).toBe(handler)
    loop.callSoon(function fails() {
      throw 'thrown'
    })
    yield* sleep(0)
    expect(told).toEqual([loop, 'Exception in callback fails', 'thrown'])
    loop.setExceptionHandler(before)
  },

  "`loop.call_exception_handler({'message': 'm', 'exception': error})`": function* (loop) {
    const before = loop.getExceptionHandler()
    const told: ExceptionContext[] = []
    loop.setExceptionHandler((_, context) => told.push(context))
    const error = new Error()
    loop.callExceptionHandler({ message: 'm', error })
    yield* sleep(0)
    expect(told).toEqual([{ message: 'm', error }])
    loop.setExceptionHandler(before)
  },

  '`loop.default_exception_handler(context)`': function* (loop) {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    loop.defaultExceptionHandler({ message: 'm', error: 'thrown' })
    yield* sleep(0)
    expect(print).toHaveBeenCalledExactlyOnceWith('m', 'thrown')
    print.mockRestore()
  },

  '`loop.set_debug(True)`, `loop.get_debug()`, `PYTHONASYNCIODEBUG=1`': function* (loop) {
    loop.setDebug(true)
    const program = "import { EventLoop } from '@fosen/event-loop'; console.log(new EventLoop().getDebug())"
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      env: { FOSEN_DEBUG: '1' },
    })
    yield* sleep(0)
    expect([loop.getDebug(), stdout]).toEqual([true, 'true\n'])
  },

  '`loop.slow_callback_duration = 0.1`': function* (loop) {
    expect(loop.slowCallbackDuration).toBe(100)
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    loop.setDebug(true)
    loop.slowCallbackDuration = 0
    loop.callSoon(function slow() {})
    yield* sleep(0)
    loop.slowCallbackDuration = Number.POSITIVE_INFINITY
    expect(String(warn.mock.calls)).toContain('<Handle slow()')
    warn.mockRestore()
  },
})
