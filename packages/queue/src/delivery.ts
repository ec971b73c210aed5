import { checkDuration } from './check.ts'

/** A message on loan to a consumer, until it is settled by the first of `ack`, `retry` and `bury`; later ones do nothing. */
export interface Delivery<T> {
  readonly id: string
  readonly value: T
  /** 1 for the first delivery of a message. */
  readonly attempt: number
  /** Aborted when the work is in vain: the lease was lost, or the consumer's time to stop is over. */
  readonly signal: AbortSignal
  /** The message is done: it is gone. */
  ack(): void
  /** The message comes back, after `delay` milliseconds (0 by default), its attempt one higher. */
  retry(options?: { readonly delay?: number | undefined; readonly error?: unknown }): void
  /** The message is given up: it goes to the dead letters. */
  bury(error?: unknown): void
  /** True once the queue has what the delivery was settled with; false when it was too late: the lease was lost. Rejects when the queue could not be told. */
  readonly settled: Promise<boolean>
}

/** What a delivery was settled with. */
export type Settlement =
  | { readonly type: 'ack' }
  | { readonly type: 'retry'; readonly delay: number; readonly error: unknown }
  | { readonly type: 'bury'; readonly error: unknown }

/** What a backend gives for a message it delivers. */
export interface DeliverySource<T> {
  readonly id: string
  readonly value: T
  readonly attempt: number
  readonly signal: AbortSignal
  /** Tells the queue; called once, at the first of ack, retry and bury. False, or a promise of it: the lease was lost. */
  settle(settlement: Settlement): boolean | Promise<boolean>
}

/**
 * Makes the delivery of a backend's message: the backend says how it is settled, this keeps that it is settled once.
 *
 * A `settle` that throws, or whose promise rejects, rejects the delivery's `settled`.
 */
export function createDelivery<T>(source: DeliverySource<T>): Delivery<T> {
  return new SourceDelivery(source)
}

class SourceDelivery<T> implements Delivery<T> {
  readonly #source: DeliverySource<T>
  #isSettled = false
  /** What `settle` gave, once it has. */
  #outcome: boolean | Promise<boolean> | undefined
  /** Who asks before there is an outcome waits here; most ask never. */
  #asked: PromiseWithResolvers<boolean> | undefined

  constructor(source: DeliverySource<T>) {
    this.#source = source
  }

  get id() {
    return this.#source.id
  }

  get value() {
    return this.#source.value
  }

  get attempt() {
    return this.#source.attempt
  }

  get signal() {
    return this.#source.signal
  }

  get settled(): Promise<boolean> {
    if (this.#asked !== undefined) return this.#asked.promise
    if (this.#outcome !== undefined) return Promise.resolve(this.#outcome)
    this.#asked = Promise.withResolvers()
    this.#asked.promise.catch(ignore)
    return this.#asked.promise
  }

  ack() {
    this.#settle({ type: 'ack' })
  }

  retry({ delay = 0, error }: { delay?: number | undefined; error?: unknown } = {}) {
    checkDuration('delay', delay)
    this.#settle({ type: 'retry', delay, error })
  }

  bury(error?: unknown) {
    this.#settle({ type: 'bury', error })
  }

  #settle(settlement: Settlement) {
    if (this.#isSettled) return
    this.#isSettled = true
    let outcome: boolean | Promise<boolean>
    try {
      outcome = this.#source.settle(settlement)
    } catch (error) {
      outcome = Promise.reject(error)
    }
    if (typeof outcome === 'object') outcome.catch(ignore)
    this.#outcome = outcome
    this.#asked?.resolve(outcome)
  }
}

/** Whoever wants to know awaits `settled`; whoever does not is not to crash of it. */
function ignore() {}
