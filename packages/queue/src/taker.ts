import { exponentialBackoff } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { Delivery } from './delivery.ts'
import { QueueClosedError } from './errors.ts'
import type { MessageQueue } from './queue.ts'

/** Who a taker works for. */
export interface Client<T> {
  /** How many messages are wanted; 0 for none: then it is for the client to wake the taker. */
  wanted(): number
  onMessages(deliveries: readonly Delivery<T>[]): void
  onFailure(error: unknown): void
  /** The taker has stopped: no more messages will come. */
  onEnd(): void
  /** The queue was closed; the end follows. */
  onQueueClosed(): void
}

/** Takes messages off a queue, whenever there are some and its client wants some, until it is stopped. */
export class Taker<T> {
  readonly #queue: MessageQueue<T>
  readonly #client: Client<T>
  readonly #clock: Clock
  readonly #holdFor: number
  #isStopped = false
  #isPaused = false
  #asking = new AbortController()
  #wake: (() => void) | undefined
  #endWait: (() => void) | undefined

  /**
   * @param client is asked from `run` on, and by the queue regarded as the owner of what it is given
   * @param holdFor how long it is busy with a message at most, in milliseconds
   */
  constructor(queue: MessageQueue<T>, client: Client<T>, clock: Clock, holdFor: number) {
    this.#queue = queue
    this.#client = client
    this.#clock = clock
    this.#holdFor = holdFor
  }

  async run(): Promise<void> {
    const backoff = exponentialBackoff()
    let failures = 0
    while (!this.#isStopped) {
      const max = this.#isPaused ? 0 : this.#client.wanted()
      if (max <= 0) {
        await this.#sleep()
        continue
      }
      const { signal } = this.#asking
      try {
        const deliveries = await this.#queue.getMany(max, { signal, owner: this.#client, holdFor: this.#holdFor })
        failures = 0
        this.#client.onMessages(deliveries)
      } catch (error) {
        if (error instanceof QueueClosedError) {
          this.#isStopped = true
          this.#client.onQueueClosed()
        } else if (!signal.aborted || error !== signal.reason) {
          this.#client.onFailure(error)
          failures++
          await this.#wait(backoff(failures, error))
        }
      }
    }
    this.#client.onEnd()
  }

  /** Whether it waits to be woken. */
  get isAsleep(): boolean {
    return this.#wake !== undefined
  }

  /** Has it ask the client again. It does not shorten the wait after a failure of the queue. */
  wake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** Takes nothing more; `onEnd` is called when what is under way has come. */
  stop(): void {
    this.#isStopped = true
    this.#asking.abort()
    this.wake()
    this.#endWait?.()
  }

  pause(): void {
    this.#isPaused = true
    this.#asking.abort()
  }

  resume(): void {
    this.#isPaused = false
    this.#asking = new AbortController()
    this.wake()
  }

  #sleep() {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  async #wait(ms: number) {
    // The listener for failures may have stopped it.
    if (this.#isStopped) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#endWait = resolve
    using _timer = this.#clock.after(ms, resolve)
    await promise
    this.#endWait = undefined
  }
}
