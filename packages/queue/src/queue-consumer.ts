import { setImmediate as turn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { type Backoff, exponentialBackoff } from './backoff.ts'
import { checkDuration } from './check.ts'
import type { Clock } from './clock.ts'
import type { Consumer, StopOptions } from './consumer.ts'
import type { Delivery } from './delivery.ts'
import { AttemptsExhaustedError, ConsumerStoppedError, QueueClosedError } from './errors.ts'
import { HandledDelivery } from './handled-delivery.ts'
import type { Handler } from './handler.ts'
import type { MessageQueue } from './queue.ts'

type ErrorListener<T> = (error: unknown, delivery: Delivery<T> | undefined) => void

interface ConsumerSettings<T> {
  readonly handler: Handler<T>
  readonly concurrency: number
  readonly retries: number
  readonly backoff: Backoff
  readonly signal: AbortSignal | undefined
  readonly onError: ErrorListener<T> | undefined
  readonly clock: Clock
}

/** So many messages are taken in a row before timers and I/O have their turn, however quick the handlers are. */
const messagesPerTurn = 256

/**
 * One loop takes messages while there are free slots; each message is handled on its own. The consumer has finished
 * when the loop has ended and nothing is open: neither a handler, nor a settlement that the queue does not have yet.
 */
export class QueueConsumer<T> implements Consumer<T> {
  readonly queue: MessageQueue<T>
  readonly #settings: ConsumerSettings<T>
  readonly #running = new Set<HandledDelivery<T>>()
  readonly #stopping = new AbortController()
  readonly #finished = Promise.withResolvers<void>()
  #processed = 0
  #failed = 0
  #open = 0
  #loopEnded = false
  /** What the messages were handed back with at the deadline. */
  #givenUp: ConsumerStoppedError | undefined
  /** Wakes the loop when it waits for a free slot. */
  #wake: (() => void) | undefined

  constructor(queue: MessageQueue<T>, settings: ConsumerSettings<T>) {
    this.queue = queue
    this.#settings = settings
    settings.signal?.addEventListener('abort', this.#stopTaking)
    if (settings.signal?.aborted) this.#stopTaking()
    void this.#take()
  }

  get finished() {
    return this.#finished.promise
  }

  stats() {
    return { running: this.#running.size, processed: this.#processed, failed: this.#failed }
  }

  async stop({ deadline = Infinity }: StopOptions = {}) {
    checkDuration('deadline', deadline, Infinity)
    this.#stopTaking()
    if (deadline === Infinity) return this.finished
    const timer = this.#settings.clock.after(deadline, () => this.#giveUp())
    await this.finished
    timer[Symbol.dispose]()
  }

  [Symbol.asyncDispose]() {
    return this.stop()
  }

  readonly #stopTaking = () => {
    this.#settings.signal?.removeEventListener('abort', this.#stopTaking)
    this.#stopping.abort()
    this.#wake?.()
  }

  #giveUp() {
    if (this.#givenUp !== undefined) return
    this.#givenUp = new ConsumerStoppedError()
    for (const delivery of this.#running) {
      delivery.abort(this.#givenUp)
      void this.#handBack(delivery)
    }
    this.#finished.resolve()
  }

  async #take() {
    const { concurrency } = this.#settings
    const { signal } = this.#stopping
    const backoff = exponentialBackoff()
    let failures = 0
    let taken = 0
    while (!signal.aborted) {
      if (this.#running.size >= concurrency) {
        await this.#freeSlot()
        continue
      }
      try {
        const deliveries = await this.queue.getMany(concurrency - this.#running.size, { signal })
        failures = 0
        taken += deliveries.length
        for (const delivery of deliveries) this.#start(delivery)
      } catch (error) {
        if (error instanceof QueueClosedError) this.#stopTaking()
        else if (error !== signal.reason) {
          this.#report(error, undefined, warn)
          failures++
          await this.#pause(backoff(failures, error))
        }
      }
      if (taken >= messagesPerTurn) {
        taken = 0
        await turn()
      }
    }
    this.#loopEnded = true
    this.#finishWhenDone()
  }

  #freeSlot() {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }

  /** Waits `ms` milliseconds, or until the consumer is stopped. */
  async #pause(ms: number) {
    const { signal } = this.#stopping
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = this.#settings.clock.after(ms, resolve)
    const onStop = () => resolve()
    signal.addEventListener('abort', onStop)
    await promise
    signal.removeEventListener('abort', onStop)
    timer[Symbol.dispose]()
  }

  async #handBack(delivery: Delivery<T>) {
    delivery.retry({ error: this.#givenUp })
    await this.#settled(delivery)
  }

  /** Resolves when the queue has what the delivery was settled with, or could not be told. */
  async #settled(delivery: Delivery<T>) {
    try {
      await delivery.settled
    } catch (error) {
      this.#report(error, delivery, warn)
    }
  }

  #start(delivery: Delivery<T>) {
    // A backend may answer a take after the deadline has passed.
    if (this.#givenUp !== undefined) void this.#handBack(delivery)
    else void this.#handle(new HandledDelivery(delivery))
  }

  async #handle(delivery: HandledDelivery<T>) {
    this.#open++
    this.#running.add(delivery)
    try {
      await this.#run(delivery)
      this.#processed++
      delivery.ack()
    } catch (error) {
      this.#failed++
      this.#settleFailed(delivery, error)
    }
    delivery.release()
    this.#running.delete(delivery)
    this.#wake?.()
    // What ran at the deadline was handed back, and that is reported there.
    if (this.#givenUp === undefined) await this.#settled(delivery)
    this.#open--
    this.#finishWhenDone()
  }

  async #run(delivery: HandledDelivery<T>) {
    const { handler, retries } = this.#settings
    if (delivery.attempt > retries + 1) {
      throw new AttemptsExhaustedError(
        `delivered ${delivery.attempt} times, and to be tried ${retries + 1} times at most`,
      )
    }
    const outcome: unknown = handler(delivery.value, delivery)
    if (isBareIterator(outcome)) {
      throw new TypeError(
        'the handler returned an iterator, which cannot be awaited, and nothing would run it. ' +
          'Give a coroutine to an event loop, with runCoroutineThreadsafe(coroutine, loop), and return the future',
      )
    }
    await outcome
  }

  #settleFailed(delivery: HandledDelivery<T>, error: unknown) {
    const { retries, backoff } = this.#settings
    this.#report(error, delivery, ignore)
    if (delivery.attempt > retries) return delivery.bury(error)
    try {
      delivery.retry({ delay: backoff(delivery.attempt, error), error })
    } catch (backoffError) {
      // A backoff that fails must not cost the message.
      this.#report(backoffError, delivery, warn)
      delivery.retry({ delay: exponentialBackoff()(delivery.attempt, error), error })
    }
  }

  #report(error: unknown, delivery: Delivery<T> | undefined, otherwise: ErrorListener<T>) {
    try {
      const listener = this.#settings.onError ?? otherwise
      listener(error, delivery)
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown
      })
    }
  }

  #finishWhenDone() {
    if (this.#loopEnded && this.#open === 0) this.#finished.resolve()
  }
}

/** A generator or coroutine object: `await` would give it back as it is, and nothing of it would have run. */
function isBareIterator(value: unknown) {
  if (typeof value !== 'object' || value === null) return false
  const { next, then } = value as { next?: unknown; then?: unknown }
  return typeof next === 'function' && typeof then !== 'function'
}

function ignore() {}

function warn(error: unknown) {
  process.emitWarning(`a consumer goes on after: ${inspect(error)}`, 'ConsumerWarning')
}
