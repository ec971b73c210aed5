import { checkFunction } from '../check-arguments.ts'
import { compareEntries } from './compare.ts'
import { Heap } from './heap.ts'
import { Queue, type QueueOptions } from './queue.ts'

export interface PriorityQueueOptions<T> extends QueueOptions {
  /**
   * Negative when `a` leaves before `b`, as for `Array.prototype.sort`. By default numbers, strings, and arrays of such are
   * ordered as in Python: arrays go by their first elements that differ.
   */
  readonly compare?: ((a: T, b: T) => number) | undefined
}

/**
 * A queue that gives the least item.
 *
 * Items that are equal leave in any order; a number that counts up, after the priority, makes it the order of putting.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from '@fosen/event-loop'
 *
 * const queue = new PriorityQueue<[priority: number, name: string]>()
 * queue.putNowait([2, 'code'])
 * queue.putNowait([1, 'eat'])
 * queue.putNowait([3, 'sleep'])
 * console.log(queue.getNowait(), queue.getNowait())
 *
 * const jobs = new PriorityQueue<{ name: string; size: number }>({ compare: (a, b) => b.size - a.size })
 * jobs.putNowait({ name: 'small', size: 1 })
 * jobs.putNowait({ name: 'large', size: 9 })
 * console.log(jobs.getNowait().name)
 * ```
 * ```text
 * [ 1, 'eat' ] [ 2, 'code' ]
 * large
 * ```
 * @see https://docs.python.org/3/library/asyncio-queue.html#asyncio.PriorityQueue
 */
export class PriorityQueue<T> extends Queue<T> {
  /**
   * Putting and getting throw what `compare` throws, and change nothing then; the default throws a TypeError for what it
   * cannot order.
   *
   * @throws RangeError when `maxsize` is no integer
   * @throws TypeError when `compare` is no function
   */
  constructor(options: PriorityQueueOptions<T> = {}) {
    const { compare = compareEntries } = options
    checkFunction('compare', compare)
    super(options, new Heap<T>(compare))
  }
}
