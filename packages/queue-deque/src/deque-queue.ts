import { inspect } from 'node:util'
import {
  type Clock,
  checkCount,
  checkPutOptions,
  checkWaitOptions,
  createDelivery,
  type DeadLetter,
  type DeadLetters,
  type Delivery,
  describeError,
  type MessageQueue,
  type PutOptions,
  QueueClosedError,
  type QueueStats,
  type Settlement,
  systemClock,
  TimeoutError,
  type WaitOptions,
} from '@fosen/queue'
import { Alarm } from './alarm.ts'
import { DelayHeap } from './delay-heap.ts'
import { Deque } from './deque.ts'
import { Message } from './message.ts'
import { WaitList } from './wait-list.ts'

export interface DequeQueueOptions {
  /** How many messages may be ready or delayed before `put` waits; Infinity by default. */
  readonly capacity?: number | undefined
  /** Where delays and timeouts have their time from; the machine's clock by default. */
  readonly clock?: Clock | undefined
}

/** Messages of a `put` or `putMany` that go in as there is room, and the ids of those that went in. */
interface Pending<T> {
  readonly values: readonly T[]
  readonly delay: number
  readonly ids: string[]
}

/**
 * A message queue in one process, over a deque.
 *
 * Values are passed by reference. A delivery may be held for as long as it takes: only `retry` brings its message back.
 * With a capacity, puts wait while the queue is full, and go in in the order they came; what is retried always comes
 * back. What is in the queue is lost with the process, or when the queue is closed.
 *
 * @example
 * ```ts
 * import { DequeQueue } from '@fosen/queue-deque'
 *
 * const queue = new DequeQueue<{ name: string }>({ capacity: 100 })
 * await queue.put({ name: 'Ann' })
 * const delivery = await queue.get()
 * console.log(delivery.value, delivery.attempt)
 * delivery.ack()
 * await queue.join()
 * ```
 * ```text
 * { name: 'Ann' } 1
 * ```
 */
export class DequeQueue<T> implements MessageQueue<T> {
  // After every step: a get waits only while nothing is ready, a put only while there is no room, a join only while the
  // queue is not done; and the clock is to wake the queue exactly while a get waits and a message is delayed.
  readonly #capacity: number
  readonly #clock: Clock
  readonly #ready = new Deque<Message<T>>()
  /** Ready, too, and delivered first: what was retried, and what was delayed and is due. */
  readonly #returned = new Deque<Message<T>>()
  readonly #delayed = new DelayHeap<Message<T>>()
  readonly #dead: DeadLetter<T>[] = []
  readonly #gets: WaitList<number, Delivery<T>[]>
  readonly #puts: WaitList<Pending<T>, string[]>
  readonly #joins: WaitList<undefined, void>
  readonly #alarm: Alarm
  #inFlight = 0
  #lastId = 0
  #closed = false

  readonly deadLetters: DeadLetters<T> = {
    list: async () => {
      this.#checkOpen()
      return [...this.#dead]
    },
  }

  /** @throws TypeError, RangeError for a capacity that is neither a positive integer nor Infinity */
  constructor({ capacity = Infinity, clock = systemClock }: DequeQueueOptions = {}) {
    checkCount('capacity', capacity, 1, true)
    this.#capacity = capacity
    this.#clock = clock
    this.#gets = new WaitList(clock, 'no message came', () => this.#setAlarm())
    this.#puts = new WaitList(clock, 'no room came')
    this.#joins = new WaitList(clock, 'the queue was not done')
    this.#alarm = new Alarm(clock, () => {
      this.#wakeDue()
      this.#setAlarm()
    })
  }

  async put(value: T, options: PutOptions = {}) {
    this.#checkPut(options)
    const { delay = 0, signal } = options
    if (this.#puts.isEmpty && this.#hasRoom) {
      const id = this.#add(value, delay)
      this.#balance()
      return id
    }
    const ids = await this.#puts.wait({ values: [value], delay, ids: [] }, { signal })
    return ids[0] as string
  }

  async putMany(values: readonly T[], options: PutOptions = {}) {
    if (!Array.isArray(values)) throw new TypeError(`values must be an array, not ${inspect(values)}`)
    this.#checkPut(options)
    const { delay = 0, signal } = options
    const pending = { values: [...values], delay, ids: [] }
    if (values.length === 0 || (this.#puts.isEmpty && this.#admit(pending))) {
      this.#balance()
      return pending.ids
    }
    const ids = this.#puts.wait(pending, { signal })
    this.#balance()
    return ids
  }

  async get(options: WaitOptions = {}) {
    const [delivery] = await this.#take(1, options)
    return delivery as Delivery<T>
  }

  async getMany(max: number, options: WaitOptions = {}) {
    checkCount('max', max)
    return this.#take(max, options)
  }

  async stats(): Promise<QueueStats> {
    this.#checkOpen()
    this.#wakeDue()
    return {
      ready: this.#readyCount,
      delayed: this.#delayed.length,
      inFlight: this.#inFlight,
      dead: this.#dead.length,
    }
  }

  async join(options: WaitOptions = {}) {
    this.#checkWait(options)
    if (this.#isDone) return
    if (options.timeout === 0) throw new TimeoutError('the queue is not done')
    await this.#joins.wait(undefined, options)
  }

  async close() {
    if (this.#closed) return
    this.#closed = true
    this.#ready.clear()
    this.#returned.clear()
    this.#delayed.clear()
    for (const waits of [this.#gets, this.#puts, this.#joins]) waits.rejectAll(() => new QueueClosedError())
    this.#setAlarm()
  }

  [Symbol.asyncDispose]() {
    return this.close()
  }

  get #readyCount() {
    return this.#returned.length + this.#ready.length
  }

  get #hasRoom() {
    return this.#readyCount + this.#delayed.length < this.#capacity
  }

  get #isDone() {
    return this.#inFlight === 0 && this.#readyCount === 0 && this.#delayed.length === 0
  }

  #checkOpen() {
    if (this.#closed) throw new QueueClosedError()
  }

  #checkPut(options: PutOptions) {
    checkPutOptions(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
  }

  #checkWait(options: WaitOptions) {
    checkWaitOptions(options)
    this.#checkOpen()
    options.signal?.throwIfAborted()
  }

  /** Puts in what there is room for. False when something is left. */
  #admit({ values, delay, ids }: Pending<T>) {
    while (ids.length < values.length) {
      if (!this.#hasRoom) return false
      ids.push(this.#add(values[ids.length] as T, delay))
    }
    return true
  }

  #add(value: T, delay: number) {
    const message = new Message(String(++this.#lastId), value, 1, this.#onSettle)
    if (delay > 0) this.#delayed.push(this.#clock.now() + delay, message)
    else this.#ready.append(message)
    return message.id
  }

  #take(max: number, options: WaitOptions) {
    this.#checkWait(options)
    this.#wakeDue()
    if (this.#readyCount > 0) {
      const deliveries = this.#deliver(max)
      this.#balance()
      return deliveries
    }
    if (options.timeout === 0) throw new TimeoutError('no message is ready')
    const deliveries = this.#gets.wait(max, options)
    this.#setAlarm()
    return deliveries
  }

  #deliver(max: number) {
    const deliveries: Delivery<T>[] = []
    while (deliveries.length < max) {
      const message = this.#returned.popLeft() ?? this.#ready.popLeft()
      if (message === undefined) break
      deliveries.push(createDelivery(message))
    }
    this.#inFlight += deliveries.length
    return deliveries
  }

  readonly #onSettle = (message: Message<T>, settlement: Settlement) => {
    this.#checkOpen()
    this.#inFlight--
    if (settlement.type === 'bury') {
      const { id, value, attempt } = message
      this.#dead.push({ id, value, attempts: attempt, error: describeError(settlement.error) })
    } else if (settlement.type === 'retry') {
      if (settlement.delay > 0) this.#delayed.push(this.#clock.now() + settlement.delay, message.next())
      else this.#returned.append(message.next())
      this.#balance()
    }
    if (this.#isDone) while (!this.#joins.isEmpty) this.#joins.resolveFirst()
    return true
  }

  /** Lets waiting puts in while there is room, and waiting gets have what is ready, until neither can go on. */
  #balance() {
    do {
      for (let put = this.#puts.first; put !== undefined && this.#admit(put); put = this.#puts.first) {
        this.#puts.resolveFirst(put.ids)
      }
      for (let max = this.#gets.first; max !== undefined && this.#readyCount > 0; max = this.#gets.first) {
        this.#gets.resolveFirst(this.#deliver(max))
      }
    } while (!this.#puts.isEmpty && this.#hasRoom)
    this.#setAlarm()
  }

  /** Makes ready what is due. */
  #wakeDue() {
    if (this.#delayed.length === 0) return
    const now = this.#clock.now()
    while (this.#delayed.nextDue <= now) this.#returned.append(this.#delayed.pop() as Message<T>)
    this.#balance()
  }

  #setAlarm() {
    this.#alarm.set(this.#gets.isEmpty ? Infinity : this.#delayed.nextDue)
  }
}
