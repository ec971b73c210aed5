import { inspect } from 'node:util'
import { PriorityQueue, Queue, QueueShutDown } from '@fosen/event-loop'
import { describe, expect, test } from 'vitest'

function drain<T>(queue: PriorityQueue<T>): T[] {
  const items: T[] = []
  while (!queue.empty()) items.push(queue.getNowait())
  return items
}

/** What comes out of a queue into which `items` were put. */
function sorted<T>(items: readonly T[], queue = new PriorityQueue<T>()): T[] {
  for (const item of items) queue.putNowait(item)
  return drain(queue)
}

describe('a PriorityQueue', () => {
  test('refuses a compare that is no function', () => {
    expect(() => new PriorityQueue({ compare: 'size' as never })).toThrow(
      new TypeError("compare is a function, not 'size'"),
    )
    expect(() => new PriorityQueue(1 as never)).toThrow(TypeError)
  })

  test.each([
    [{ name: 'a' }, { name: 'b' }],
    [1, '1'],
    [Number.NaN, 1],
    [
      [1, {}],
      [1, {}],
    ],
    [[1], 1],
    [undefined, null],
  ])('refuses to order %j and %j, names compare, and keeps what it holds', (a, b) => {
    const queue = new PriorityQueue<unknown>()
    queue.putNowait(a)
    expect(() => queue.putNowait(b)).toThrow(TypeError)
    expect(() => queue.putNowait(b)).toThrow(/cannot order .* unless it is given { compare }/)
    expect(drain(queue)).toEqual([a])
    queue.taskDone()
    expect(() => queue.taskDone()).toThrow(RangeError)
  })

  test('loses nothing when comparing throws while an item is taken', () => {
    let broken = false
    const compare = (a: number, b: number) => {
      if (broken) throw new Error('broken')
      return a - b
    }
    const queue = new PriorityQueue<number>({ compare })
    for (const item of [5, 1, 4, 2, 3]) queue.putNowait(item)
    broken = true
    expect(() => queue.getNowait()).toThrow('broken')
    expect(() => queue.putNowait(0)).toThrow('broken')
    broken = false
    expect(drain(queue)).toEqual([1, 2, 3, 4, 5])
  })

  test('orders numbers, strings and arrays as Python does', () => {
    expect(sorted([3, -1, 2n, Number.POSITIVE_INFINITY, 0.5])).toEqual([-1, 0.5, 2n, 3, Number.POSITIVE_INFINITY])
    expect(sorted(['b', 'a', 'B', ''])).toEqual(['', 'B', 'a', 'b'])
    const same = {}
    const arrays = [[2], [1, 'b', same], [1, 'b'], [1, 'a', 9], [1, ['x', 2]].slice(0, 1), []]
    expect(sorted(arrays)).toEqual([[], [1], [1, 'a', 9], [1, 'b'], [1, 'b', same], [2]])
    expect(
      sorted([
        [1, [2, 3]],
        [1, [2]],
        [1, [2, 3], 0],
      ]),
    ).toEqual([
      [1, [2]],
      [1, [2, 3]],
      [1, [2, 3], 0],
    ])
  })

  test('gives equal items in the order of heapq', () => {
    const names = [...'abcdefghij'].map((name, i) => ({ name, size: i % 2 }))
    const queue = new PriorityQueue<{ name: string; size: number }>({ compare: (a, b) => a.size - b.size })
    // What CPython's heapq gives for objects that compare by size.
    expect(
      sorted(names, queue)
        .map(({ name }) => name)
        .join(''),
    ).toBe('acgeijfdbh')
  })

  test('sorts whatever it is given, put and got in turns', () => {
    const queue = new PriorityQueue<number>({ maxsize: 500 })
    const items = Array.from({ length: 500 }, (_, i) => (i * 7919) % 251)
    const half = sorted(items.slice(0, 250), queue)
    expect(half).toEqual(items.slice(0, 250).sort((a, b) => a - b))
    for (const item of items) queue.putNowait(item)
    const first = Array.from({ length: 250 }, () => queue.getNowait())
    for (const item of first) queue.putNowait(item)
    expect(drain(queue)).toEqual(items.sort((a, b) => a - b))
  })

  test('drops its items at an immediate shutdown, and reads like in Python', () => {
    const queue = new PriorityQueue<number>()
    for (const item of [3, 1, 2]) queue.putNowait(item)
    expect(inspect(queue)).toBe('<PriorityQueue maxsize=0 _queue=[ 1, 3, 2 ] tasks=3>')
    expect(queue).toBeInstanceOf(Queue)
    queue.shutdown({ immediate: true })
    expect(() => queue.getNowait()).toThrow(QueueShutDown)
    expect(inspect(queue)).toBe('<PriorityQueue maxsize=0 shutdown>')
  })
})
