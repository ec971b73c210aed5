import { coroutine } from '@fosen/coroutine'
import {
  Barrier,
  BrokenBarrierError,
  CancelledError,
  ContextVar,
  createTask,
  ExceptionGroup,
  gather,
  InvalidStateError,
  KeyboardInterrupt,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  sleep,
  TimeoutError,
  taskGroup,
  waitFor,
} from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

const [a, b] = [new RangeError('a'), new TypeError('b')]

testRows('Exceptions', {
  '`asyncio.CancelledError`, `asyncio.InvalidStateError`, `asyncio.TimeoutError`': function* (loop) {
    const task = loop.createTask(sleep(1000))
    task.cancel()
    const errors = yield* gather([task, waitFor(sleep(1000), 1)], { returnExceptions: true })
    expect(errors).toEqual([expect.any(CancelledError), expect.any(TimeoutError)])
    expect(() => loop.createFuture().result()).toThrow(InvalidStateError)
  },

  '`asyncio.QueueEmpty`, `asyncio.QueueFull`, `asyncio.QueueShutDown`, `asyncio.BrokenBarrierError`': function* () {
    const queue = new Queue<number>({ maxsize: 1 })
    expect(() => queue.getNowait()).toThrow(QueueEmpty)
    yield* queue.put(1)
    expect(() => queue.putNowait(2)).toThrow(QueueFull)
    queue.shutdown({ immediate: true })
    expect(() => queue.getNowait()).toThrow(QueueShutDown)
    const barrier = new Barrier(2)
    yield* barrier.abort()
    const [error] = yield* gather([barrier.wait()], { returnExceptions: true })
    expect(error).toBeInstanceOf(BrokenBarrierError)
  },

  '`RuntimeError`, `KeyboardInterrupt`, `ValueError`, `LookupError`': async () => {
    expect(() => createTask(sleep(0))).toThrow(RuntimeError)
    expect(() => new ExceptionGroup('m', [])).toThrow(RangeError)
    expect(() => new ContextVar('unset').get()).toThrow(ReferenceError)
    expect(new KeyboardInterrupt()).toBeInstanceOf(Error)
  },

  "`ExceptionGroup('m', [a, b])`, `group.exceptions`": async () => {
    const group = new ExceptionGroup('m', [a, b])
    expect([group.message, group.exceptions]).toEqual(['m', [a, b]])
  },

  '`except* ValueError as group: …`': function* () {
    const fail = coroutine(function* (error: Error) {
      yield* sleep(1)
      throw error
    })
    try {
      yield* taskGroup(function* (tasks) {
        for (const error of [a, b]) tasks.createTask(fail(error))
        yield* sleep(10)
      })
      expect.unreachable('both tasks have failed')
    } catch (error) {
      if (!(error instanceof ExceptionGroup)) throw error
      const [group, rest] = error.split(RangeError)
      expect([group?.exceptions, rest?.exceptions]).toEqual([[a], [b]])
    }
  },

  '`group.split(ValueError)`, `group.subgroup(ValueError)`, `group.derive([a])`': async () => {
    const group = new ExceptionGroup('m', [a, b])
    expect(group.split(RangeError).map(part => part?.exceptions)).toEqual([[a], [b]])
    expect([group.subgroup(RangeError)?.exceptions, group.derive([a]).message]).toEqual([[a], 'm'])
  },
})
