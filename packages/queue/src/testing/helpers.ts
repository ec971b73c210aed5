import { setImmediate as turn } from 'node:timers/promises'
import type { Delivery } from '../delivery.ts'
import type { MessageQueue } from '../queue.ts'
import type { QueueHarness } from './conformance.ts'

export function valuesOf(deliveries: readonly Delivery<string>[]) {
  return deliveries.map(({ value }) => value)
}

/** Whether a promise is still pending after it had a little time. */
export async function isPending(promise: Promise<unknown>, advance: QueueHarness['advance']) {
  let pending = true
  const settle = () => {
    pending = false
  }
  promise.then(settle, settle)
  await advance(10)
  await turn()
  return pending
}

/**
 * Says whether so many milliseconds of the machine's time are over. A queue that really waits may be done with a delay
 * while a slow machine still gets there: what holds during the delay is looked at only until then.
 */
export function stopwatch(ms: number) {
  const end = performance.now() + ms
  return () => performance.now() >= end
}

/** Acks, and waits until the queue knows. */
export async function finish(delivery: Delivery<string>) {
  delivery.ack()
  return delivery.settled
}

/** How many messages there are, by where they are. */
export async function countsOf(queue: MessageQueue<string>) {
  const { ready, delayed, inFlight, dead } = await queue.stats()
  return { ready, delayed, inFlight, dead }
}
