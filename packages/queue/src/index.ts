export { Alarm } from './alarm.ts'
export { type Backoff, type ExponentialBackoffOptions, exponentialBackoff } from './backoff.ts'
export { BaseDelivery, type Outcome } from './base-delivery.ts'
export {
  checkClock,
  checkCount,
  checkDuration,
  checkGetOptions,
  checkIds,
  checkPartitions,
  checkPutManyOptions,
  checkPutOptions,
  checkWaitOptions,
} from './check.ts'
export { type Clock, systemClock } from './clock.ts'
export { bufferCodec, type Codec, checkCodec, encodeValue, jsonCodec, textCodec } from './codec.ts'
export { type ConsumeOptions, consume } from './consume.ts'
export type { Consumer, ConsumerStats, StopOptions } from './consumer.ts'
export type { Delivery, Headers, RetryOptions, Settlement } from './delivery.ts'
export { describeError } from './describe-error.ts'
export {
  AttemptsExhaustedError,
  ConsumerStoppedError,
  HandlerAbandonedError,
  LeaseLostError,
  QueueClosedError,
  TimeoutError,
} from './errors.ts'
export type { BatchHandler, Handler } from './handler.ts'
export type { BatchOptions } from './keyed-backlog.ts'
export { partitionOf } from './partition-of.ts'
export type {
  DeadLetter,
  DeadLetters,
  GetOptions,
  MessageQueue,
  Priority,
  PutManyOptions,
  PutOptions,
  QueueStats,
  WaitOptions,
} from './queue.ts'
export type { RateOptions } from './rate-limiter.ts'
export { isTraced, type QueueOperation, type QueueTrace, traceReceive, traceSend } from './trace.ts'
