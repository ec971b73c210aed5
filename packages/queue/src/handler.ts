import type { Delivery } from './delivery.ts'

/**
 * What is done with a message. When it fulfils, the message is acked; when it throws or rejects, the message is retried,
 * or buried after its last attempt. A handler that settles the delivery itself has the last word on it.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a plain function that returns nothing is a handler, too
export type Handler<T> = (value: T, delivery: Delivery<T>) => PromiseLike<unknown> | void

/**
 * What is done with a batch of messages, as a handler with each of them: when it fails, all that it has not settled itself
 * are retried, or buried.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a plain function that returns nothing is a handler, too
export type BatchHandler<T> = (values: T[], deliveries: Delivery<T>[]) => PromiseLike<unknown> | void
