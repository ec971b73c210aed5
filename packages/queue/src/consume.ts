import { type Backoff, exponentialBackoff } from './backoff.ts'
import { checkCount, checkFunction, checkSignal } from './check.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Consumer } from './consumer.ts'
import type { Delivery } from './delivery.ts'
import type { Handler } from './handler.ts'
import type { MessageQueue } from './queue.ts'
import { QueueConsumer } from './queue-consumer.ts'

export interface ConsumeOptions<T> {
  /** How many messages are handled at a time; 1 by default. */
  readonly concurrency?: number | undefined
  /**
   * How often a message is tried again after its first attempt, which failed or retried it itself; 3 by default, Infinity
   * for as often as it takes.
   */
  readonly retries?: number | undefined
  /** How long to wait before a message is tried again; by default {@link exponentialBackoff}, from 100 ms to 30 s. */
  readonly backoff?: Backoff | undefined
  /** Stops the consumer when aborted, as `stop()` does. */
  readonly signal?: AbortSignal | undefined
  /**
   * Called with the error of each failed attempt, and with what fails in the consumer itself: a backend that cannot be
   * reached (no delivery then), or cannot be told how a delivery was settled. Without it, errors of attempts go to the
   * queue alone, and the others are process warnings. What it throws is an uncaught exception; the consumer goes on.
   */
  readonly onError?: ((error: unknown, delivery: Delivery<T> | undefined) => void) | undefined
  /** Where the time of `stop`'s deadline comes from, and of the waits after a failure of the backend. */
  readonly clock?: Clock | undefined
}

/**
 * Starts a consumer: it takes messages off the queue and gives each to the handler, up to `concurrency` at a time.
 *
 * Every message is handled at least once, or ends in the dead letters. A failing handler, or a failing backend, does not
 * end the consumer: it runs until it is stopped, or the queue is closed. Either way the handlers that run are waited for;
 * but a closed queue refuses what they settle with a QueueClosedError, which `onError` is told: stop the consumer first.
 *
 * A message delivered more often than it may be tried is buried with an AttemptsExhaustedError, and its handler is not run:
 * the process died of it each time, or its handler retried it itself, which counts as an attempt, too. A handler that returns an iterator, such as a coroutine, fails with
 * a TypeError: nothing would run it.
 *
 * @param handler is called with the message's value and its delivery
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
 * { running: 0, processed: 2, failed: 1 }
 * ```
 */
export function consume<T>(queue: MessageQueue<T>, handler: Handler<T>, options: ConsumeOptions<T> = {}): Consumer<T> {
  const { concurrency = 1, retries = 3, backoff = exponentialBackoff(), signal, onError, clock = systemClock } = options
  checkFunction('queue.getMany', queue.getMany)
  checkFunction('handler', handler)
  checkCount('concurrency', concurrency)
  checkCount('retries', retries, 0, true)
  checkFunction('backoff', backoff)
  checkSignal(signal)
  if (onError !== undefined) checkFunction('onError', onError)
  return new QueueConsumer(queue, { handler, concurrency, retries, backoff, signal, onError, clock })
}
