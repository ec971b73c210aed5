/** What goes with a message beside its value: names and text. */
export type Headers = Readonly<Record<string, string>>

/** A message on loan to a consumer, until it is settled by the first of `ack`, `retry`, `bury` and `release`; later ones do nothing. */
export interface Delivery<T> {
  readonly id: string
  readonly value: T
  /** 1 for the first delivery of a message. */
  readonly attempt: number
  /** What the message was put with; undefined in a queue whose messages have none. */
  readonly headers?: Headers | undefined
  /** Aborted when the work is in vain: the lease was lost, or the time of the handler or of the consumer to stop is over. */
  readonly signal: AbortSignal
  /** The message is done: it is gone. */
  ack(): void
  /** The message comes back, after `delay` milliseconds (0 by default), its attempt one higher. */
  retry(options?: RetryOptions): void
  /** The message is given up: it goes to the dead letters. */
  bury(error?: unknown): void
  /** The message goes back as if it had not been delivered: it is the next to be, of those with its priority, and this was no attempt. */
  release(): void
  /** True once the queue has what the delivery was settled with; false when it was too late: the lease was lost. Rejects when the queue could not be told. */
  readonly settled: Promise<boolean>
}

export interface RetryOptions {
  readonly delay?: number | undefined
  /** Why, for those who look. */
  readonly error?: unknown
}

/** What a delivery was settled with. */
export type Settlement =
  | { readonly type: 'ack' }
  | { readonly type: 'retry'; readonly delay: number; readonly error: unknown }
  | { readonly type: 'bury'; readonly error: unknown }
  | { readonly type: 'release' }
