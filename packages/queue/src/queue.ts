import type { Delivery } from './delivery.ts'

/** What a wait may be told: to end early by a signal, or after a time. */
export interface WaitOptions {
  /** Ends the wait: it rejects with `signal.reason`, and takes nothing. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which the wait rejects with a TimeoutError; with 0 it does not wait, by default it waits for ever. */
  readonly timeout?: number | undefined
}

export interface PutOptions {
  /** Milliseconds before the message may be delivered, from when the queue has it; 0 by default. */
  readonly delay?: number | undefined
  /** Ends the wait for room in a full queue: the put rejects with `signal.reason`, and its message was not put. */
  readonly signal?: AbortSignal | undefined
}

export interface QueueStats {
  /** Messages that a get would deliver now. */
  readonly ready: number
  /** Messages that wait for their time: delayed when put, or by a retry. */
  readonly delayed: number
  /** Messages delivered and not settled yet. */
  readonly inFlight: number
  /** Messages given up. */
  readonly dead: number
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
}

/**
 * A queue of messages for producers and consumers, the same over every backend.
 *
 * Delivery is at least once: a message is gone when its delivery is acked or buried, and comes back when it is retried
 * or, on a backend with leases, when the lease runs out. Messages are delivered in the order they were put; those that
 * come back, and those whose delay is over, are delivered before them.
 *
 * Bad arguments are refused with a TypeError or RangeError, and every call on a closed queue with a QueueClosedError.
 */
export interface MessageQueue<T> extends AsyncDisposable {
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
  putMany(values: readonly T[], options?: PutOptions): Promise<string[]>
  /** Takes one message, and waits for it. A wait that ends early has taken nothing. */
  get(options?: WaitOptions): Promise<Delivery<T>>
  /** Takes what is ready, one message at least and `max` at most, and waits only while there is none. */
  getMany(max: number, options?: WaitOptions): Promise<Delivery<T>[]>
  stats(): Promise<QueueStats>
  /** Waits until nothing is ready, delayed or in flight. */
  join(options?: WaitOptions): Promise<void>
  readonly deadLetters: DeadLetters<T>
  /**
   * Ends every wait with a QueueClosedError, and refuses later calls with it; closing again does nothing. What was settled
   * before is settled. To settle a delivery later is refused, too: its `settled` rejects, and its message is as one whose
   * process has ended. So whoever has a consumer stops it first; its handlers are not told.
   */
  close(): Promise<void>
}
