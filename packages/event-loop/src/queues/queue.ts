import { type InspectOptions, inspect } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import type { Co, CoGenerator } from '../awaitable.ts'
import { checkOptions } from '../check-arguments.ts'
import { QueueEmpty, QueueFull, QueueShutDown } from '../errors.ts'
import { inspected, repr } from '../repr.ts'
import { shown } from '../shown.ts'
import { Event } from '../sync/event.ts'
import { LoopBound } from '../sync/loop-bound.ts'
import { type Waiter, Waiters } from '../sync/waiters.ts'
import { Fifo } from './fifo.ts'
import type { QueueItems } from './queue-items.ts'

export interface QueueOptions {
  /** How many items it holds at most; any number when it is 0 or less, as it is by default. */
  readonly maxsize?: number | undefined
}

/**
 * Items that tasks of one loop put, and get in the order of putting; who finds it empty, or full, waits.
 *
 * Who waits is woken in the order of waiting; an item is not kept for it: when another one takes it before, it waits again.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { EventLoop, gather, Queue, QueueShutDown } from '@fosen/event-loop'
 *
 * const queue = new Queue<number>({ maxsize: 1 })
 * const producer = coroutine(function* () {
 *   for (let i = 0; i < 3; i++) yield* queue.put(i)
 *   queue.shutdown()
 * })
 * const consumer = coroutine(function* () {
 *   try {
 *     for (;;) console.log(yield* queue.get())
 *   } catch (error) {
 *     if (!(error instanceof QueueShutDown)) throw error
 *   }
 * })
 *
 * const main = coroutine(function* () {
 *   yield* gather([producer(), consumer()])
 * })
 * const loop = new EventLoop()
 * await loop.runUntilComplete(main())
 * loop.close()
 * ```
 * ```text
 * 0
 * 1
 * 2
 * ```
 * @see https://docs.python.org/3/library/asyncio-queue.html#asyncio.Queue
 */
export class Queue<T> extends LoopBound {
  readonly maxsize: number
  readonly #items: QueueItems<T>
  readonly #getters = new Waiters()
  readonly #putters = new Waiters()
  readonly #finished = new Event()
  #unfinished = 0
  #isShutdown = false

  static readonly #put = coroutine(function* put<T>(queue: Queue<T>, item: T): CoGenerator<void> {
    while (queue.full()) {
      if (queue.#isShutdown) throw new QueueShutDown()
      const putter = queue.#putters.add(queue.getLoop().createFuture())
      let woken = false
      try {
        yield* putter.future
        woken = true
      } finally {
        if (!woken) leave(queue.#putters, putter, !queue.full())
      }
    }
    queue.putNowait(item)
  })

  static readonly #get = coroutine(function* get<T>(queue: Queue<T>): CoGenerator<T> {
    while (queue.empty()) {
      if (queue.#isShutdown) throw new QueueShutDown()
      const getter = queue.#getters.add(queue.getLoop().createFuture())
      let woken = false
      try {
        yield* getter.future
        woken = true
      } finally {
        if (!woken) leave(queue.#getters, getter, !queue.empty())
      }
    }
    return queue.getNowait()
  })

  static readonly #join = coroutine(function* join(queue: Queue<unknown>): CoGenerator<void> {
    if (queue.#unfinished > 0) yield* queue.#finished.wait()
  })

  /**
   * @param items for subclasses: where the items are kept, which makes their order
   * @throws RangeError when `maxsize` is no integer
   */
  constructor(options: QueueOptions = {}, items: QueueItems<T> = new Fifo<T>()) {
    checkOptions('{ maxsize }', options)
    const { maxsize = 0 } = options
    checkMaxsize(maxsize)
    super()
    this.maxsize = maxsize
    this.#items = items
    this.#finished.set()
  }

  /** How many items it holds. */
  qsize(): number {
    return this.#items.size
  }

  empty(): boolean {
    return this.#items.size === 0
  }

  full(): boolean {
    return this.maxsize > 0 && this.#items.size >= this.maxsize
  }

  /**
   * Puts an item, and waits for a free slot before when the queue is full.
   *
   * A wait that is cancelled puts nothing, and leaves the slot to the next one.
   *
   * @throws QueueShutDown (in the coroutine) when the queue is shut down, before or meanwhile
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  put(item: T): Co<void> {
    return Queue.#put(this, item)
  }

  /**
   * Puts an item at once.
   *
   * @throws QueueFull when the queue is full
   * @throws QueueShutDown when it is shut down
   */
  putNowait(item: T): void {
    if (this.#isShutdown) throw new QueueShutDown()
    if (this.full()) throw new QueueFull()
    this.#items.add(item)
    this.#unfinished++
    this.#finished.clear()
    this.#getters.shiftNext()
  }

  /**
   * Takes the next item, and waits for one before when the queue is empty.
   *
   * A wait that is cancelled takes nothing, and leaves the item to the next one.
   *
   * @throws QueueShutDown (in the coroutine) when the queue is empty and shut down, before or meanwhile
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  get(): Co<T> {
    return Queue.#get(this)
  }

  /**
   * Takes the next item at once.
   *
   * @throws QueueEmpty when the queue is empty
   * @throws QueueShutDown when it is empty and shut down
   */
  getNowait(): T {
    if (this.empty()) throw this.#isShutdown ? new QueueShutDown() : new QueueEmpty()
    const item = this.#items.take()
    this.#putters.shiftNext()
    return item
  }

  /**
   * Says of an item that was got that the work on it is done; `join` waits for this.
   *
   * @throws RangeError when it is called more often than items were put
   */
  taskDone(): void {
    if (this.#unfinished <= 0) throw new RangeError('taskDone() called too many times')
    if (--this.#unfinished === 0) this.#finished.set()
  }

  /**
   * Waits until `taskDone` was called for every item that was put.
   *
   * @throws RuntimeError (in the coroutine) when it has to wait, and others have in another loop
   */
  join(): Co<void> {
    return Queue.#join(this)
  }

  /**
   * Ends its use: whoever puts gets a QueueShutDown, and whoever gets too, as soon as the queue is empty. Those who wait
   * are woken.
   *
   * @param options.immediate drops the items, as if they were done
   */
  shutdown(options: { readonly immediate?: boolean | undefined } = {}): void {
    checkOptions('{ immediate }', options)
    this.#isShutdown = true
    if (options.immediate) {
      this.#unfinished = Math.max(this.#unfinished - this.#items.size, 0)
      this.#items.clear()
      if (this.#unfinished === 0) this.#finished.set()
    }
    while (this.#getters.shiftNext());
    while (this.#putters.shiftNext());
  }

  [inspected](depth: number, options: InspectOptions): string {
    if (depth < 0) return `[${this.constructor.name}]`
    const parts = [`maxsize=${this.maxsize}`]
    if (!this.empty()) parts.push(`_queue=${inspect([...this.#items], { ...options, ...oneLine, depth: depth - 1 })}`)
    if (this.#getters.size > 0) parts.push(`_getters[${this.#getters.size}]`)
    if (this.#putters.size > 0) parts.push(`_putters[${this.#putters.size}]`)
    if (this.#unfinished > 0) parts.push(`tasks=${this.#unfinished}`)
    if (this.#isShutdown) parts.push('shutdown')
    return repr(this, parts.join(' '))
  }
}

const oneLine: InspectOptions = { compact: true, breakLength: Number.POSITIVE_INFINITY }

function checkMaxsize(maxsize: unknown) {
  if (typeof maxsize !== 'number') throw new TypeError(`maxsize is a number, not ${shown(maxsize)}`)
  if (!Number.isInteger(maxsize) && maxsize !== Number.POSITIVE_INFINITY) {
    throw new RangeError(`maxsize is an integer, not ${maxsize}`)
  }
}

/** For who does not go on with its wait: if it was woken, the next one is in its place, when that is of use. */
function leave(waiters: Waiters, waiter: Waiter, isOfUse: boolean) {
  waiters.remove(waiter)
  if (isOfUse && waiter.woken) waiters.shiftNext()
}
