import type { Clock } from '../clock.ts'
import type { Codec } from '../codec.ts'
import type { MessageQueue } from '../queue.ts'

/** What a behaviour asks of its queue; each only where the harness declares the capability for it. */
export interface CreateOptions<T> {
  /** How many messages may be ready or delayed before a put waits. */
  readonly capacity?: number
  /** How values become bytes. Without it, the codec is the harness's choice; it has to take strings, and to refuse functions. */
  readonly codec?: Codec<T>
  /** Milliseconds after which a delivery that is not settled has lost its lease, also one whose consumer is alive. */
  readonly lease?: number
  /** Into how many partitions messages go by their `partitionKey`. */
  readonly partitions?: number
}

/** What a queue may do without. Each is true, or the reason why the queue lacks it, which the suite shows. */
export interface QueueCapabilities {
  /** The queue can be bounded: `create` heeds `capacity`. */
  readonly capacity: true | string
  /** The queue keeps values as bytes: `create` heeds `codec`. A queue that lacks it passes references. */
  readonly codec: true | string
  /** Handlers have the AsyncLocalStorage of the put. */
  readonly context: true | string
  /** Puts heed `dedupKey`. */
  readonly deduplication: true | string
  /** A delivery can lose its lease: `create` heeds `lease`. */
  readonly leases: true | string
  /** `create` heeds `partitions`. */
  readonly partitions: true | string
  /** The queue can be paused. */
  readonly pausing: true | string
  /** Puts heed `priority`. */
  readonly priorities: true | string
  /** Dead letters can be requeued and purged. */
  readonly requeueing: true | string
}

/** What the suite has to know of a queue to test it. */
export interface QueueHarness {
  /** What the tests are called after. */
  readonly name: string
  readonly capabilities: QueueCapabilities
  /** A queue that is empty and shares nothing with another. The suite closes it. */
  create<T = string>(options: CreateOptions<T>): Promise<MessageQueue<T>>
  /** Lets so many milliseconds pass for the queues: by a clock's jump, or by waiting. The suite asks for 10 at a time, and 100 in a row. */
  advance(ms: number): Promise<void>
  /** The clock of the queues, for the consumers; the machine's by default. */
  readonly clock?: Clock | undefined
}

/** The two functions of a test runner that the suite needs; those of vitest and of node:test fit. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  test(name: string, body: () => Promise<void>): void
}
