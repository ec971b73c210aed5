export { asyncCall, defaultThreadPool } from './async-call.ts'
export {
  CancelledError,
  MissingGuardError,
  NotPortableError,
  PoolShutDownError,
  WorkerCrashedError,
} from './errors.ts'
export { portable } from './portable.ts'
export { type ThreadCall, ThreadFuture } from './thread-future.ts'
export { ThreadPool, type ThreadPoolOptions, type ThreadPoolStats } from './thread-pool.ts'
