export {
  bufferCodec,
  type Codec,
  type Headers,
  jsonCodec,
  LeaseLostError,
  QueueClosedError,
  TimeoutError,
  textCodec,
} from '@fosen/queue'
export type { RedisDeadLetters } from './dead-letters.ts'
export {
  InvalidElementError,
  MessageCancelledError,
  RedisConnectionError,
  RedisVersionError,
  SchemaError,
} from './errors.ts'
export type { RedisQueueHealth } from './health.ts'
export type { RedisDelivery } from './redis-delivery.ts'
export { RedisDeque, type RedisDequeOptions } from './redis-deque.ts'
export { RedisQueue } from './redis-queue.ts'
export type { RedisPutManyOptions, RedisPutOptions, RedisQueueOptions } from './redis-queue-options.ts'
export type { RedisSource } from './source.ts'
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts'
