import { createTask, LifoQueue, PriorityQueue, Queue, QueueShutDown, sleep } from '@fosen/event-loop'
import { expect } from 'vitest'
import { testRows } from './table.ts'

testRows('Queues', {
  '`asyncio.Queue(10)`, `asyncio.LifoQueue()`': function* () {
    const [first, last] = [new Queue<number>({ maxsize: 10 }), new LifoQueue<number>()]
    for (const queue of [first, last]) {
      yield* queue.put(1)
      yield* queue.put(2)
    }
    expect([first.maxsize, yield* first.get(), yield* last.get()]).toEqual([10, 1, 2])
  },

  '`asyncio.PriorityQueue()`, of `(priority, item)`': function* () {
    const queue = new PriorityQueue<[priority: number, item: string]>()
    const largest = new PriorityQueue<number>({ compare: (a, b) => b - a })
    for (const n of [3, 1, 2]) {
      yield* queue.put([n, `item ${n}`])
      yield* largest.put(n)
    }
    expect([yield* queue.get(), yield* largest.get()]).toEqual([[1, 'item 1'], 3])
  },

  '`await queue.put(1)`, `await queue.get()`': function* (loop) {
    const queue = new Queue<number>({ maxsize: 1 })
    loop.callLater(5, () => createTask(queue.put(1)))
    expect([yield* queue.get(), loop.time()]).toEqual([1, 5])
  },

  '`queue.put_nowait(1)`, `queue.get_nowait()`': function* () {
    const queue = new Queue<number>()
    yield* sleep(0)
    queue.putNowait(1)
    expect(queue.getNowait()).toBe(1)
  },

  '`queue.task_done()`, `await queue.join()`': function* (loop) {
    const queue = new Queue<number>()
    queue.putNowait(queue.qsize())
    loop.callLater(5, () => queue.taskDone())
    yield* queue.join()
    expect(loop.time()).toBe(5)
  },

  '`queue.qsize()`, `queue.empty()`, `queue.full()`, `queue.maxsize`': function* () {
    const queue = new Queue<number>({ maxsize: 1 })
    yield* queue.put(1)
    expect([queue.qsize(), queue.empty(), queue.full(), queue.maxsize]).toEqual([1, false, true, 1])
  },

  '`queue.shutdown(immediate=True)`': function* () {
    const queue = new Queue<number>()
    yield* queue.put(1)
    queue.shutdown({ immediate: true })
    expect(() => queue.getNowait()).toThrow(QueueShutDown)
    yield* queue.join()
  },
})
