import type { AsyncResource } from 'node:async_hooks'
import { checkDuration } from './check.ts'
import type { Delivery, RetryOptions, Settlement } from './delivery.ts'

/** What the queue says of a settlement: whether it was in time. */
export type Outcome = boolean | Promise<boolean>

const marker = Symbol.for('fosen.queue.delivery')
const ack: Settlement = { type: 'ack' }
const release: Settlement = { type: 'release' }

/**
 * What the deliveries of a backend extend: the backend says how a message is settled, this keeps that it is settled once.
 *
 * The signal is made for those who ask for it. Deliveries of another copy of this package are instances, too.
 */
export abstract class BaseDelivery<T> implements Delivery<T> {
  abstract readonly id: string
  abstract readonly value: T
  abstract readonly attempt: number
  /** The AsyncLocalStorage that the handler is to have; that of the consumer by default. */
  get context(): AsyncResource | undefined {
    return undefined
  }
  #controller: AbortController | undefined
  /** What `settle` gave; undefined before it is called. */
  #outcome: Outcome | 'settling' | undefined
  /** Who asks before there is an outcome waits here; most ask never. */
  #asked: PromiseWithResolvers<boolean> | undefined

  /**
   * Tells the queue; called once, at the first of ack, retry, bury and release. False, or a promise of it: the lease was lost.
   * When it throws, or its promise rejects, so does the delivery's `settled`.
   */
  protected abstract settle(settlement: Settlement): Outcome

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Aborts the signal, also for those who ask for it later: the first reason is the one that stays. */
  abort(reason: unknown): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }

  /** `settled`, at once where the queue has said it at once; undefined before the delivery is settled. */
  get outcome(): Outcome | undefined {
    return this.#outcome === 'settling' ? undefined : this.#outcome
  }

  get settled(): Promise<boolean> {
    if (this.#asked !== undefined) return this.#asked.promise
    const { outcome } = this
    if (outcome !== undefined) return Promise.resolve(outcome)
    this.#asked = Promise.withResolvers()
    this.#asked.promise.catch(ignore)
    return this.#asked.promise
  }

  ack(): void {
    this.#settle(ack)
  }

  retry({ delay = 0, error }: RetryOptions = {}): void {
    checkDuration('delay', delay)
    this.#settle({ type: 'retry', delay, error })
  }

  bury(error?: unknown): void {
    this.#settle({ type: 'bury', error })
  }

  release(): void {
    this.#settle(release)
  }

  #settle(settlement: Settlement) {
    if (this.#outcome !== undefined) return
    this.#outcome = 'settling'
    let outcome: Outcome
    try {
      outcome = this.settle(settlement)
    } catch (error) {
      outcome = Promise.reject(error)
    }
    if (typeof outcome === 'object') outcome.catch(ignore)
    this.#outcome = outcome
    this.#asked?.resolve(outcome)
  }

  static {
    Object.defineProperty(BaseDelivery.prototype, marker, { value: true })
    Object.defineProperty(BaseDelivery, Symbol.hasInstance, {
      value(this: unknown, value: unknown) {
        if (this !== BaseDelivery) return Function.prototype[Symbol.hasInstance].call(this as () => void, value)
        return typeof value === 'object' && value !== null && marker in value
      },
    })
  }
}

/** Whoever wants to know awaits `settled`; whoever does not is not to crash of it. */
function ignore() {}
