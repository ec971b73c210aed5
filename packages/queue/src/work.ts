import type { BaseDelivery } from './base-delivery.ts'

/** What one call of a handler is about: a message, or a batch of them. */
export type Work<T> = BaseDelivery<T> | BaseDelivery<T>[]

export function deliveriesOf<T>(work: Work<T>): BaseDelivery<T>[] {
  return Array.isArray(work) ? work : [work]
}
