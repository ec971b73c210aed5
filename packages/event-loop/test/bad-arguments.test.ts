import {
  allTasks,
  captureCallGraph,
  EventLoop,
  ensureFuture,
  Future,
  formatCallGraph,
  gather,
  LoopThread,
  printCallGraph,
  Runner,
  run,
  runCoroutineThreadsafe,
  shield,
  sleep,
  Task,
  timeout,
  waitFor,
  wrapFuture,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => loop.close())

test.each([
  ['sleep', (time: never) => sleep(time)],
  ['timeout', (time: never) => timeout(time, function* () {})],
  ['callLater', (time: never) => loop.callLater(time, () => {})],
  ['callAt', (time: never) => loop.callAt(time, () => {})],
])('%s shows what it was given in the place of a time', (_, call) => {
  for (const [given, shown] of [
    ['5', "not '5'"],
    [5n, 'not 5n'],
    [Symbol('soon'), 'not Symbol(soon)'],
    [Number.NaN, 'not NaN'],
    [{ ms: 5 }, 'not { ms: 5 }'],
  ]) {
    expect(() => call(given as never)).toThrow(RangeError)
    expect(() => call(given as never)).toThrow(shown as string)
  }
})

test.each([['reader'], [null], [5]])('createTask takes no options that are %o', options => {
  expect(() => loop.createTask(sleep(1), options as never)).toThrow('the options are { name, context, eagerStart }')
  expect(loop.tasks.size).toBe(0)
})

describe.each([['text'], [5], [null]])('options that are %o', given => {
  const options = given as never
  test.each<[string, () => unknown]>([
    ['{ debug, loopFactory }', () => new Runner(options)],
    ['{ debug, loopFactory }', () => run(sleep(0), options)],
    ['{ context }', () => new Runner().run(sleep(0), options)],
    ['{ loop }', () => new Future(options)],
    ['{ context }', () => loop.createFuture().addDoneCallback(() => {}, options)],
    ['{ loop, name, context, eagerStart }', () => new Task(sleep(0), options)],
    ['{ limit }', () => loop.createTask(sleep(0)).getStack(options)],
    ['{ limit }', () => captureCallGraph(undefined, options)],
    ['{ limit }', () => formatCallGraph(undefined, options)],
    ['{ limit, file }', () => printCallGraph(undefined, options)],
    ['{ loop }', () => wrapFuture(new Future({ loop }), options)],
    ['{ signal }', () => runCoroutineThreadsafe(sleep(0), new LoopThread(), options)],
    ['{ daemon, name }', () => new LoopThread(options)],
    ['{ seed }', () => new VirtualEventLoop(options)],
  ])('are refused where %s is expected', (form, call) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(`the options are ${form}, not ${given === 'text' ? "'text'" : given}`)
  })
})

test.each<[string, (given: never) => unknown]>([
  ['Future', given => new Future({ loop: given })],
  ['Task', given => new Task(sleep(0), { loop: given })],
  ['ensureFuture', given => ensureFuture(sleep(0), given)],
  ['allTasks', given => allTasks(given)],
])('%s shows what it was given in the place of a loop', (_, call) => {
  for (const [given, shown] of [
    [3, '3'],
    [null, 'null'],
    [{ debug: true }, '{ debug: true }'],
  ]) {
    expect(() => call(given as never)).toThrow(TypeError)
    expect(() => call(given as never)).toThrow(`a loop is needed, not ${shown}`)
  }
})

test.each<[string, (given: never) => unknown]>([
  ['run', given => run(given)],
  ['Runner.run', given => new Runner().run(given)],
  ['waitFor', given => waitFor(given, 5)],
  ['shield', given => shield(given)],
  ['ensureFuture', given => ensureFuture(given, loop)],
  ['gather', given => gather([loop.createFuture(), given])],
])('%s shows what it was given that cannot be waited for, and what to do with it', (_, call) => {
  for (const [given, message] of [
    [[1], 'a coroutine or a future is needed, not [ 1 ]; several go through gather or wait'],
    [new Set(), 'not Set(0) {}; several go through gather'],
    [Promise.resolve(), 'not Promise { undefined }; a promise goes through fromPromise'],
    ['text', "not 'text'"],
    [null, 'not null'],
  ] as const) {
    expect(() => call(given as never)).toThrow(TypeError)
    expect(() => call(given as never)).toThrow(message)
  }
})

test.each([[null], [undefined], [5], [function* main() {}]])('a Task is made of a coroutine, and not of %o', given => {
  expect(() => new Task(given as never)).toThrow(/^a coroutine is needed, not (null|undefined|5|\[Gen.*main\])$/)
})

test('Runner.run shows what it was given in the place of a context', () => {
  expect(() => new Runner().run(sleep(0), { context: 5 as never })).toThrow('a Context is needed, not 5')
})
