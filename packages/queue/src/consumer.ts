import type { MessageQueue } from './queue.ts'

export interface StopOptions {
  /** Milliseconds that running handlers have to end; Infinity by default. */
  readonly deadline?: number | undefined
}

export interface ConsumerStats {
  /** Handlers that run. */
  readonly running: number
  /** Messages that were taken, and wait for a handler. */
  readonly waiting: number
  /** Attempts whose handler fulfilled. */
  readonly processed: number
  /** Attempts that failed. */
  readonly failed: number
  /** Handlers that run although their time and their grace are over; nobody waits for them. */
  readonly abandoned: number
}

/** What {@link consume} started. */
export interface Consumer<T> extends AsyncDisposable {
  readonly queue: MessageQueue<T>
  /**
   * Takes no more messages from this moment on, gives back those that no handler has begun, which counts as no attempt, and
   * waits until the handlers that run have ended and the queue has what their messages were settled with.
   *
   * At the deadline it waits no longer: the `delivery.signal` of the handlers that still run is aborted with a
   * ConsumerStoppedError, and their messages go back to the queue for the next consumer. That attempt counts.
   * Stopping again is allowed, with another deadline, too: the earliest holds. A handler must not await it, as it would
   * wait for itself.
   *
   * @throws TypeError, RangeError for a deadline that is no time
   */
  stop(options?: StopOptions): Promise<void>
  /** Takes no more messages until `resume`, and gives back those that no handler has begun. The handlers that run go on. */
  pause(): void
  resume(): void
  stats(): ConsumerStats
  /** Resolves when the consumer has stopped, whatever stopped it: `stop`, its signal, or the queue that was closed. Never rejects. */
  readonly finished: Promise<void>
}
