import { inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import {
  CancelledError,
  type CoGenerator,
  gather,
  LifoQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  sleep,
} from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'

let loop: VirtualEventLoop
beforeEach(() => {
  loop = new VirtualEventLoop()
})
afterEach(() => loop.close())

const run = <T>(body: () => CoGenerator<T>) => loop.runUntilCompleteSync(coroutine(body)())

/** Tasks that wait: to get from an empty queue, or to put `values` into a full one. */
function* startGetters(queue: Queue<string>, count: number) {
  const tasks = Array.from({ length: count }, () => loop.createTask(queue.get()))
  yield* sleep(0)
  return tasks
}
function* startPutters(queue: Queue<string>, ...values: string[]) {
  const tasks = values.map(value => loop.createTask(queue.put(value)))
  yield* sleep(0)
  return tasks
}

describe('a Queue', () => {
  test('refuses options that are none, and a maxsize that is no integer', () => {
    expect(() => new Queue(5 as never)).toThrow(new TypeError('the options are { maxsize }, not 5'))
    expect(() => new Queue({ maxsize: '5' as never })).toThrow(new TypeError("maxsize is a number, not '5'"))
    for (const maxsize of [1.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => new Queue({ maxsize })).toThrow(new RangeError(`maxsize is an integer, not ${maxsize}`))
    }
    expect(() => new Queue().shutdown(true as never)).toThrow(new TypeError('the options are { immediate }, not true'))
  })

  test('has no limit when maxsize is 0, less, or infinite', () => {
    for (const maxsize of [0, -1, Number.POSITIVE_INFINITY]) {
      const queue = new Queue<number>({ maxsize })
      for (let i = 0; i < 100; i++) queue.putNowait(i)
      expect([queue.full(), queue.qsize(), queue.maxsize]).toEqual([false, 100, maxsize])
    }
  })

  test('throws at once what it cannot do at once', () => {
    const queue = new Queue<string>({ maxsize: 1 })
    expect(() => queue.getNowait()).toThrow(QueueEmpty)
    queue.putNowait('a')
    expect(() => queue.putNowait('b')).toThrow(QueueFull)
    expect([queue.full(), queue.empty(), queue.getNowait(), queue.empty()]).toEqual([true, false, 'a', true])
  })

  test('refuses to be waited for in two loops', () => {
    const queue = new Queue<string>()
    run(function* () {
      const [getter] = yield* startGetters(queue, 1)
      getter?.cancel()
    })
    const other = new VirtualEventLoop()
    expect(() => other.runUntilCompleteSync(queue.get())).toThrow(
      new RuntimeError('<Queue maxsize=0> is bound to a different event loop'),
    )
    queue.putNowait('a')
    expect(other.runUntilCompleteSync(queue.get())).toBe('a')
    other.close()
  })

  test('gives nothing to a getter that is cancelled, woken already or not, but to the next one', () => {
    run(function* () {
      const queue = new Queue<string>()
      const [waiting, woken, next] = yield* startGetters(queue, 3)
      waiting?.cancel()
      queue.putNowait('a')
      woken?.cancel()
      yield* sleep(1)
      expect([waiting?.cancelled(), woken?.cancelled()]).toEqual([true, true])
      expect(next?.result()).toBe('a')
      expect(inspect(queue)).toBe('<Queue maxsize=0 tasks=1>')
    })
  })

  test('puts nothing for a putter that is cancelled, woken already or not, and takes from the next one', () => {
    run(function* () {
      const queue = new Queue<string>({ maxsize: 1 })
      queue.putNowait('first')
      const [waiting, woken, next] = yield* startPutters(queue, 'waiting', 'woken', 'next')
      waiting?.cancel()
      queue.getNowait()
      woken?.cancel()
      yield* sleep(1)
      expect([waiting?.cancelled(), woken?.cancelled(), next?.done()]).toEqual([true, true, true])
      expect(queue.getNowait()).toBe('next')
    })
  })

  test('passes a wake-up on when the coroutine that got it is closed', () => {
    run(function* () {
      const queue = new Queue<string>()
      const closed = queue.get()
      closed.next()
      const [getter] = yield* startGetters(queue, 1)
      queue.putNowait('a')
      closed.return('closed')
      yield* sleep(1)
      expect(getter?.result()).toBe('a')
    })
  })

  test('lets somebody else take the item before the getter that was woken, which waits again', () => {
    run(function* () {
      const queue = new Queue<string>()
      const [getter] = yield* startGetters(queue, 1)
      queue.putNowait('a')
      expect(queue.getNowait()).toBe('a')
      yield* sleep(1)
      expect(inspect(queue)).toBe('<Queue maxsize=0 _getters[1] tasks=1>')
      queue.putNowait('b')
      if (getter) expect(yield* getter).toBe('b')
    })
  })

  test('gives items in the order of putting to getters in the order of waiting, through many rounds', () => {
    run(function* () {
      const queue = new Queue<string>({ maxsize: 3 })
      expectTypeOf(queue.get).returns.resolves.toEqualTypeOf<string>()
      const values = Array.from({ length: 200 }, (_, i) => `${i}`)
      const putters = values.map(value => queue.put(value))
      const getters = values.map(() => queue.get())
      const results = yield* gather([...putters, ...getters])
      expect(results.slice(200)).toEqual(values)
    })
    const queue = new Queue<number>()
    const gone: number[] = []
    for (let i = 0; i < 1000; i++) {
      queue.putNowait(i)
      if (i % 3 === 0) gone.push(queue.getNowait())
    }
    while (!queue.empty()) gone.push(queue.getNowait())
    expect(gone).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })

  test('reads like in Python', () => {
    run(function* () {
      const queue = new Queue<unknown>({ maxsize: 2 })
      expect(inspect(queue)).toBe('<Queue maxsize=2>')
      queue.putNowait('a')
      queue.putNowait({ deep: { deeper: { deepest: {} } } })
      const putter = loop.createTask(queue.put(1))
      yield* sleep(0)
      expect(inspect(queue)).toBe("<Queue maxsize=2 _queue=[ 'a', { deep: [Object] } ] _putters[1] tasks=2>")
      expect(inspect([[queue]], { depth: 0 })).toBe('[ [Array] ]')
      expect(inspect([queue], { depth: 0 })).toBe('[ [Queue] ]')
      queue.getNowait()
      yield* putter
      queue.shutdown({ immediate: true })
      expect(inspect(queue)).toBe('<Queue maxsize=2 tasks=1 shutdown>')
    })
  })
})

describe('join of a Queue', () => {
  test('refuses taskDone without a task', () => {
    const queue = new Queue<string>()
    expect(() => queue.taskDone()).toThrow(new RangeError('taskDone() called too many times'))
  })

  test('waits for taskDone of every item, and not at all when there is none', () => {
    run(function* () {
      const queue = new Queue<string>()
      yield* queue.join()
      queue.putNowait('a')
      queue.putNowait('b')
      const [cancelled, joined] = [loop.createTask(queue.join()), loop.createTask(queue.join())]
      yield* sleep(0)
      cancelled.cancel()
      queue.getNowait()
      queue.taskDone()
      yield* sleep(1)
      expect([cancelled.cancelled(), joined.done()]).toEqual([true, false])
      queue.taskDone()
      yield* joined
    })
  })
})

describe('shutdown of a Queue', () => {
  test('wakes all who wait with a QueueShutDown, and refuses those who come', () => {
    run(function* () {
      const empty = new Queue<string>()
      const full = new Queue<string>({ maxsize: 1 })
      full.putNowait('a')
      const getters = yield* startGetters(empty, 2)
      const putters = yield* startPutters(full, 'b', 'c')
      empty.shutdown()
      full.shutdown()
      yield* sleep(1)
      for (const task of [...getters, ...putters]) expect(task.exception()).toBeInstanceOf(QueueShutDown)
      expect(() => empty.putNowait('late')).toThrow(QueueShutDown)
      expect(() => empty.getNowait()).toThrow(QueueShutDown)
      const late = yield* gather([empty.get(), empty.put('late'), full.put('late')], { returnExceptions: true })
      expect(late).toEqual([new QueueShutDown(), new QueueShutDown(), new QueueShutDown()])
    })
  })

  test('lets what it holds be got, and join wait for it', () => {
    run(function* () {
      const queue = new Queue<string>()
      queue.putNowait('a')
      const joined = loop.createTask(queue.join())
      queue.shutdown()
      expect(yield* queue.get()).toBe('a')
      expect(() => queue.getNowait()).toThrow(QueueShutDown)
      expect(joined.done()).toBe(false)
      queue.taskDone()
      yield* joined
    })
  })

  test('with immediate drops what it holds, which join then waits for no longer', () => {
    run(function* () {
      const queue = new Queue<string>()
      for (const value of ['got', 'dropped', 'dropped']) queue.putNowait(value)
      queue.getNowait()
      const joined = loop.createTask(queue.join())
      yield* sleep(0)
      queue.shutdown({ immediate: true })
      expect(() => queue.getNowait()).toThrow(QueueShutDown)
      yield* sleep(0)
      expect(joined.done()).toBe(false)
      queue.taskDone()
      yield* joined
      queue.shutdown({ immediate: true })
    })
  })

  test('does not take the cancellation from a getter that is cancelled in the same turn', () => {
    run(function* () {
      const queue = new Queue<string>()
      const [getter] = yield* startGetters(queue, 1)
      queue.shutdown()
      getter?.cancel()
      yield* sleep(0)
      expect(() => getter?.result()).toThrow(CancelledError)
    })
  })
})

describe('a LifoQueue', () => {
  test('gives the last item first, and keeps to maxsize', () => {
    const queue = new LifoQueue<string>({ maxsize: 2 })
    queue.putNowait('a')
    queue.putNowait('b')
    expect(() => queue.putNowait('c')).toThrow(QueueFull)
    expect(queue).toBeInstanceOf(Queue)
    expect(inspect(queue)).toBe("<LifoQueue maxsize=2 _queue=[ 'a', 'b' ] tasks=2>")
    expect([queue.getNowait(), queue.getNowait()]).toEqual(['b', 'a'])
  })
})

test('a queue of a kind of its own gives what its items give', () => {
  class LatestQueue extends Queue<string> {
    constructor() {
      const items = { size: 0, latest: '' }
      super(undefined, {
        get size() {
          return items.size
        },
        add: item => Object.assign(items, { size: 1, latest: item }),
        take: () => Object.assign(items, { size: 0 }).latest,
        clear: () => Object.assign(items, { size: 0 }),
        [Symbol.iterator]: () => [items.latest][Symbol.iterator](),
      })
    }
  }
  const queue = new LatestQueue()
  queue.putNowait('a')
  queue.putNowait('b')
  expect(inspect(queue)).toBe("<LatestQueue maxsize=0 _queue=[ 'b' ] tasks=2>")
  expect([queue.getNowait(), queue.empty()]).toEqual(['b', true])
})
