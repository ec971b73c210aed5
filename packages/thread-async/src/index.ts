export { asCompleted } from './as-completed.ts'
export { asyncCall, defaultThreadPool, withOptions } from './async-call.ts'
export {
  CancelledError,
  MissingGuardError,
  NotPortableError,
  PoolShutDownError,
  WorkerCrashedError,
} from './errors.ts'
export { portable } from './portable.ts'
export { Thread, type ThreadOptions } from './thread.ts'
export type { ThreadCall } from './thread-call.ts'
export { ThreadFuture } from './thread-future.ts'
export { type CallOptions, ThreadPool, type ThreadPoolOptions, type ThreadPoolStats } from './thread-pool.ts'
export { ThreadStream } from './thread-stream.ts'
export { type WaitFuturesOptions, waitFutures } from './wait-futures.ts'
export { type CurrentCall, currentCall } from './worker/current-call.ts'
