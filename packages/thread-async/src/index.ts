export { errorClass, TimeoutError } from '@fosen/shared-memory'
export { asCompleted } from './as-completed.ts'
export { asyncCall, defaultThreadPool, withOptions } from './async-call.ts'
export {
  BrokenPoolError,
  CancelledError,
  DeadlockError,
  MissingGuardError,
  NotPortableError,
  PoolFullError,
  PoolShutDownError,
  WorkerCrashedError,
} from './errors.ts'
export type { Latency } from './latency.ts'
export type { CallOptions, ThreadPoolOptions } from './pool-options.ts'
export { portable } from './portable.ts'
export { Thread, type ThreadOptions } from './thread.ts'
export type { ThreadCall } from './thread-call.ts'
export { ThreadFuture } from './thread-future.ts'
export { ThreadPool } from './thread-pool.ts'
export type { ThreadPoolStats } from './thread-pool-stats.ts'
export { ThreadStream } from './thread-stream.ts'
export type { CallTrace, RunTrace } from './tracing.ts'
export { transfer } from './transfer.ts'
export { type WaitFuturesOptions, waitFutures } from './wait-futures.ts'
export { type CurrentCall, currentCall } from './worker/current-call.ts'
