import { type Backoff, exponentialBackoff } from './backoff.ts'
import { checkClock, checkCount, checkDuration, checkFunction, checkSignal } from './check.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Consumer } from './consumer.ts'
import type { Delivery } from './delivery.ts'
import type { BatchHandler, Handler } from './handler.ts'
import type { BatchOptions } from './keyed-backlog.ts'
import type { MessageQueue } from './queue.ts'
import { type ConsumerSettings, QueueConsumer } from './queue-consumer.ts'
import { checkRate, type RateOptions } from './rate-limiter.ts'

export interface ConsumeOptions<T> {
  /** How many messages, or batches, are handled at a time; 1 by default. */
  readonly concurrency?: number | undefined
  /**
   * How many messages are taken beyond those that are handled, so that a handler finds its next one there; by default what
   * the last handlers' rate finishes in 50 ms, at most 64, so that slow handlers hoard nothing. Of batches, whole ones.
   */
  readonly prefetch?: number | undefined
  /**
   * How often a message is tried again after its first attempt, which failed or retried it itself; 3 by default, Infinity
   * for as often as it takes.
   */
  readonly retries?: number | undefined
  /** How long to wait before a message is tried again; by default {@link exponentialBackoff}, from 100 ms to 30 s. */
  readonly backoff?: Backoff | undefined
  /**
   * Milliseconds that a handler has; Infinity by default. When they are over, `delivery.signal` is aborted with a
   * TimeoutError, and the attempt has failed: the message is retried when the handler ends, whatever it ends with, or when
   * the grace is over, too.
   */
  readonly timeout?: number | undefined
  /**
   * Milliseconds that a handler has to end after its timeout; 5000 by default. Then its place is free, and its attempt has
   * failed with a HandlerAbandonedError, which is told as those of the consumer itself.
   */
  readonly grace?: number | undefined
  /**
   * Messages with the same key, by SameValueZero, are handled in the order they were put, `concurrencyPerKey` at a time, as
   * long as none of them is retried; other consumers know nothing of it. Keys take turns. Undefined is no key. What it
   * throws fails the attempt. A batch has messages of one key.
   */
  readonly key?: ((value: T) => unknown) | undefined
  /** 1 by default. */
  readonly concurrencyPerKey?: number | undefined
  /** How often the handler is called at most. The consumer takes no more messages than it may handle. */
  readonly rate?: RateOptions | undefined
  /** Stops the consumer when aborted, as `stop()` does. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with the error of each failed attempt, and with what fails in the consumer itself: a backend that cannot be
   * reached (no delivery then), or cannot be told how a delivery was settled. Without it, errors of attempts go to the
   * queue alone, and the others are process warnings. What it throws is an uncaught exception; the consumer goes on.
   */
  readonly onError?: ((error: unknown, delivery: Delivery<T> | undefined) => void) | undefined
  /** Where its time comes from; the machine's clock by default. */
  readonly clock?: Clock | undefined
  /** Makes the handler take arrays. */
  readonly batch?: BatchOptions | undefined
}

/**
 * Starts a consumer: it takes messages off the queue and gives each to the handler, up to `concurrency` at a time.
 *
 * Every message is handled at least once, or ends in the dead letters. A failing handler, or a failing backend, does not
 * end the consumer: it runs until it is stopped, or the queue is closed. Either way the handlers that run are waited for;
 * but a closed queue refuses what they settle with a QueueClosedError, which `onError` is told: stop the consumer first.
 *
 * A message delivered more often than it may be tried is buried with an AttemptsExhaustedError, and its handler is not run:
 * the process died of it each time, or its handler retried it itself, which counts as an attempt, too. A handler that
 * returns an iterator, such as a coroutine, or a promise of one, fails with a TypeError: nothing would run it.
 *
 * A handler has the AsyncLocalStorage that the message brings with it, which a queue in this process has from its put, and
 * otherwise that of this call; one that takes batches has that of this call.
 *
 * @param handler is called with the message's value and its delivery; with `batch`, with arrays of them
 * @throws TypeError, RangeError when an argument is bad; nothing is started then
 * @example
 * ```ts
 * import { consume } from '@fosen/queue'
 * import { DequeQueue } from '@fosen/queue-deque'
 *
 * const queue = new DequeQueue<string>()
 * const consumer = consume(queue, async (name, delivery) => {
 *   if (name === 'Bo' && delivery.attempt === 1) throw new Error('try again')
 *   console.log(`hello ${name}, attempt ${delivery.attempt}`)
 * }, { backoff: () => 0 })
 *
 * await queue.putMany(['Ann', 'Bo'])
 * await queue.join()
 * await consumer.stop()
 * console.log(consumer.stats())
 * ```
 * ```text
 * hello Ann, attempt 1
 * hello Bo, attempt 2
 * { running: 0, waiting: 0, processed: 2, failed: 1, abandoned: 0 }
 * ```
 */
export function consume<T>(
  queue: MessageQueue<T>,
  handler: Handler<T>,
  options?: ConsumeOptions<T> & { readonly batch?: undefined },
): Consumer<T>
export function consume<T>(
  queue: MessageQueue<T>,
  handler: BatchHandler<T>,
  options: ConsumeOptions<T> & { readonly batch: BatchOptions },
): Consumer<T>
export function consume<T>(
  queue: MessageQueue<T>,
  handler: Handler<T> | BatchHandler<T>,
  options: ConsumeOptions<T> = {},
): Consumer<T> {
  const settings: ConsumerSettings<T> = {
    handler,
    concurrency: options.concurrency ?? 1,
    prefetch: options.prefetch,
    retries: options.retries ?? 3,
    backoff: options.backoff ?? exponentialBackoff(),
    timeout: options.timeout ?? Infinity,
    grace: options.grace ?? 5_000,
    batch: options.batch,
    key: options.key,
    concurrencyPerKey: options.concurrencyPerKey ?? 1,
    rate: options.rate,
    signal: options.signal,
    onError: options.onError,
    clock: options.clock ?? systemClock,
  }
  checkFunction('queue.getMany', queue?.getMany)
  checkSettings(settings)
  return new QueueConsumer(queue, settings)
}

function checkSettings<T>({ handler, prefetch, batch, key, rate, signal, onError, ...others }: ConsumerSettings<T>) {
  checkFunction('handler', handler)
  checkCount('concurrency', others.concurrency)
  if (prefetch !== undefined) checkCount('prefetch', prefetch, 0)
  checkCount('retries', others.retries, 0, true)
  checkFunction('backoff', others.backoff)
  checkDuration('timeout', others.timeout, Infinity)
  checkDuration('grace', others.grace, Infinity)
  if (batch !== undefined) {
    checkCount('batch.size', batch.size)
    if (batch.linger !== undefined) checkDuration('batch.linger', batch.linger)
  }
  if (key !== undefined) checkFunction('key', key)
  checkCount('concurrencyPerKey', others.concurrencyPerKey)
  if (rate !== undefined) checkRate(rate)
  checkSignal(signal)
  if (onError !== undefined) checkFunction('onError', onError)
  checkClock(others.clock)
}
