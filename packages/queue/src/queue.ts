import type { Delivery } from './delivery.ts'

/** What a wait may be told: to end early by a signal, or after a time. */
export interface WaitOptions {
  /** Ends the wait: it rejects with `signal.reason`, and takes nothing. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which the wait rejects with a TimeoutError; with 0 it does not wait, by default it waits for ever. */
  readonly timeout?: number | undefined
}

export interface GetOptions extends WaitOptions {
  /**
   * Who takes, for a queue with partitions: a partition with messages in flight is its taker's alone until they are settled.
   * Without it, each call is a taker of its own. A consumer is one taker.
   */
  readonly owner?: object | undefined
  /**
   * How long the taker is busy with a message at most, in milliseconds; Infinity by default. A backend with leases takes an
   * event loop that does not answer for longer to hang, and lets its messages come back. A consumer says its `timeout` and
   * `grace`.
   */
  readonly holdFor?: number | undefined
}

/** How a message waits in the queue: 0, or one of three levels that are delivered before it, 3 first of all. */
export type Priority = 0 | 1 | 2 | 3

export interface PutManyOptions {
  /** Milliseconds before the message may be delivered, from when the queue has it; 0 by default. */
  readonly delay?: number | undefined
  /** 0 by default. */
  readonly priority?: Priority | undefined
  /** Chooses the partition: messages with the same key are in the same one. A queue without partitions goes by nothing of it. */
  readonly partitionKey?: string | undefined
  /** Ends the wait for room in a full queue: the put rejects with `signal.reason`, and its message was not put. */
  readonly signal?: AbortSignal | undefined
}

export interface PutOptions extends PutManyOptions {
  /** While the window of an earlier message with this key is open, nothing is put: the put gives the id of that message. */
  readonly dedupKey?: string | undefined
  /** How long the window of this message is open, in milliseconds from when the queue has it; 300 000 by default. */
  readonly dedupWindow?: number | undefined
}

export interface QueueStats {
  /** Messages that a get would deliver now, were the queue not paused. */
  readonly ready: number
  /** Messages that wait for their time: delayed when put, or by a retry. */
  readonly delayed: number
  /** Messages delivered and not settled yet. */
  readonly inFlight: number
  /** Messages given up. */
  readonly dead: number
  /** For how many milliseconds a message has been ready and was not delivered; undefined when none is ready, or it is not known. */
  readonly oldestAge: number | undefined
  /** Whether the queue delivers nothing. */
  readonly paused: boolean
}

export interface DeadLetter<T> {
  readonly id: string
  /** Undefined when the message could not be decoded: its error says why. */
  readonly value: T | undefined
  /** How often the message was delivered. */
  readonly attempts: number
  /** What the last attempt failed with, as text, so that it reads the same from every backend. */
  readonly error: { readonly name: string; readonly message: string } | undefined
}

export interface DeadLetters<T> {
  /** The messages given up, oldest first. */
  list(): Promise<DeadLetter<T>[]>
  /**
   * Puts them back, oldest first, behind those that wait: with their ids, and their first attempt before them. A queue that
   * is full takes them, too.
   *
   * @param ids which of them; all by default. Ids that are not among them are passed over.
   * @returns how many there were
   */
  requeue(ids?: readonly string[]): Promise<number>
  /**
   * Removes them for good.
   *
   * @param ids which of them; all by default. Ids that are not among them are passed over.
   * @returns how many there were
   */
  purge(ids?: readonly string[]): Promise<number>
}

/**
 * A queue of messages for producers and consumers, the same over every backend.
 *
 * Delivery is at least once: a message is gone when its delivery is acked or buried, and comes back when it is retried or
 * released, or when its lease is lost. Those of a higher priority are delivered first, and those of the same priority in
 * the order they were put; before them come those that come back, and those whose delay is over. (Those may come before
 * messages of a higher priority, too.) Of partitions, each has that order in itself.
 *
 * A backend with leases extends them while a delivery is not settled, for as long as it allows at most; then, or when the
 * process is gone that it was delivered to, the message comes back.
 *
 * Bad arguments are refused with a TypeError or RangeError, and every call on a closed queue with a QueueClosedError.
 */
export interface MessageQueue<T> extends AsyncDisposable {
  /** What the queue is called in traces. */
  readonly name: string
  /** The kind of queue it is, as OpenTelemetry's `messaging.system` has it. */
  readonly system: string
  /**
   * Puts a message, and waits while the queue is full.
   *
   * @returns the message's id, once the queue has it
   */
  put(value: T, options?: PutOptions): Promise<string>
  /**
   * Puts messages in order, as `put` each; the ids come in the same order. In a queue with a capacity they go in as room
   * comes, so that they may be more than it holds: when the signal ends the wait, those that went in stay.
   */
  putMany(values: readonly T[], options?: PutManyOptions): Promise<string[]>
  /** Takes one message, and waits for it. A wait that ends early has taken nothing. */
  get(options?: GetOptions): Promise<Delivery<T>>
  /** Takes what is ready, one message at least and `max` at most, and waits only while there is none. */
  getMany(max: number, options?: GetOptions): Promise<Delivery<T>[]>
  stats(): Promise<QueueStats>
  /** Waits until nothing is ready, delayed or in flight. */
  join(options?: WaitOptions): Promise<void>
  /** Delivers nothing, to nobody, until `resume`: those who get wait. All else goes on, with the messages in flight, too. */
  pause(): Promise<void>
  resume(): Promise<void>
  readonly deadLetters: DeadLetters<T>
  /**
   * Ends every wait with a QueueClosedError, and refuses later calls with it; closing again does nothing. What was settled
   * before is settled. To settle a delivery later is refused, too: its `settled` rejects, and its message is as one whose
   * process has ended. So whoever has a consumer stops it first; its handlers are not told.
   */
  close(): Promise<void>
}
