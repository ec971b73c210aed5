import assert from 'node:assert/strict'
import type { Delivery } from '../delivery.ts'
import type { MessageQueue } from '../queue.ts'

export function valuesOf<T>(deliveries: readonly Delivery<T>[]): T[] {
  return deliveries.map(({ value }) => value)
}

/** Takes so many messages, one by one. */
export async function take<T>(queue: MessageQueue<T>, count: number): Promise<Delivery<T>[]> {
  const deliveries: Delivery<T>[] = []
  while (deliveries.length < count) deliveries.push(await queue.get())
  return deliveries
}

/** The values of the next `count` messages, which stay in flight. */
export async function next<T>(queue: MessageQueue<T>, count: number): Promise<T[]> {
  return valuesOf(await take(queue, count))
}

/** Acks, and waits until the queue knows. */
export async function finish(delivery: Delivery<unknown>): Promise<boolean> {
  delivery.ack()
  return delivery.settled
}

/** Takes a message and gives it up. */
export async function buryNext(queue: MessageQueue<string>, error?: unknown): Promise<void> {
  const delivery = await queue.get()
  delivery.bury(error)
  await delivery.settled
}

/** How many messages there are, by where they are. */
export async function countsOf(queue: MessageQueue<unknown>) {
  const { ready, delayed, inFlight, dead } = await queue.stats()
  return { ready, delayed, inFlight, dead }
}

export const nothing = { ready: 0, delayed: 0, inFlight: 0, dead: 0 }

/** So many values that tell their place. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `message ${i}`)
}

/** That something did not come too early. */
export function notBefore(ms: number, least: number): void {
  assert.ok(ms >= least, `it came after ${ms} ms, not after ${least} at least`)
}
