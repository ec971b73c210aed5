import { Lifo } from './lifo.ts'
import { Queue, type QueueOptions } from './queue.ts'

/**
 * A queue that gives the item that was put last.
 *
 * @example
 * ```ts
 * import { LifoQueue } from '@fosen/event-loop'
 *
 * const queue = new LifoQueue<string>()
 * queue.putNowait('first')
 * queue.putNowait('second')
 * console.log(queue.getNowait(), queue.getNowait())
 * ```
 * ```text
 * second first
 * ```
 * @see https://docs.python.org/3/library/asyncio-queue.html#asyncio.LifoQueue
 */
export class LifoQueue<T> extends Queue<T> {
  /** @throws RangeError when `maxsize` is no integer */
  constructor(options: QueueOptions = {}) {
    super(options, new Lifo<T>())
  }
}
