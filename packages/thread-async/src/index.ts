export { asyncCall, defaultThreadPool, withOptions } from './async-call.ts'
export {
  CancelledError,
  MissingGuardError,
  NotPortableError,
  PoolShutDownError,
  WorkerCrashedError,
} from './errors.ts'
export { portable } from './portable.ts'
export { type ThreadCall, ThreadFuture } from './thread-future.ts'
export { type CallOptions, ThreadPool, type ThreadPoolOptions, type ThreadPoolStats } from './thread-pool.ts'
export { type CurrentCall, currentCall } from './worker/current-call.ts'
