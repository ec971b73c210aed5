import { coroutine } from '@fosen/coroutine'
import { defaultThreadPool, type ThreadFuture, type ThreadPool } from '@fosen/thread-async'
import { referenceOf } from '@fosen/thread-async/worker'
import type { Co } from '../awaitable.ts'
import { RuntimeError } from '../errors.ts'
import type { Future } from '../future.ts'
import type { BaseEventLoop } from '../loop/base-event-loop.ts'
import { wrapFuture } from './wrap-future.ts'

/** What a loop runs calls in where no pool is given. */
interface DefaultExecutor {
  /** Undefined until one is set: then it is the thread's default pool, which is not the loop's to shut down. */
  pool: ThreadPool | undefined
  isShutDown: boolean
  /** Calls that have not ended. */
  readonly calls: Set<ThreadFuture<unknown>>
}

const executors = new WeakMap<BaseEventLoop, DefaultExecutor>()

function executorOf(loop: BaseEventLoop): DefaultExecutor {
  let executor = executors.get(loop)
  if (!executor) {
    executor = { pool: undefined, isShutDown: false, calls: new Set() }
    executors.set(loop, executor)
  }
  return executor
}

/**
 * `loop.runInExecutor`: runs a portable function in a pool of threads; cancelling the future cancels the call.
 *
 * @param pool null for the loop's own: the one that was set, or else the default pool of `@fosen/thread-async`
 * @throws TypeError when `pool` is none, or `fn` a generator function
 * @throws NotPortableError when `fn` is neither portable nor wrapped by `asyncCall`
 * @throws RuntimeError when the loop is closed, or its own executor was shut down
 */
export function runInExecutor<A extends unknown[], R>(
  loop: BaseEventLoop,
  pool: ThreadPool | null | undefined,
  fn: (...args: A) => R,
  ...args: A
): Future<Awaited<R>> {
  if (loop.isClosed()) throw new RuntimeError('Event loop is closed')
  if (pool !== null && pool !== undefined) checkPool(pool)
  checkFunction(fn)
  const executor = executorOf(loop)
  if (!pool && executor.isShutDown) throw new RuntimeError('Executor shutdown has been called')
  const call = (pool ?? executor.pool ?? defaultThreadPool()).submit(fn, ...args) as ThreadFuture<Awaited<R>>
  const future = wrapFuture(call, { loop })
  if (!pool) {
    const { calls } = executor
    calls.add(call as ThreadFuture<unknown>)
    call.onceSettled(() => calls.delete(call as ThreadFuture<unknown>))
  }
  return future
}

/**
 * `loop.setDefaultExecutor`: what `toThread`, and `runInExecutor` where it is given null, run their calls in.
 *
 * @throws TypeError when `pool` is no ThreadPool
 */
export function setDefaultExecutor(loop: BaseEventLoop, pool: ThreadPool): void {
  checkPool(pool)
  executorOf(loop).pool = pool
}

/**
 * `loop.shutdownDefaultExecutor`: takes no calls any more, and waits for those that the loop has made.
 *
 * A pool that was set is shut down then, without waiting for its threads; when the time is over before, that is done
 * with a warning, and the calls go on. Cancelling the wait leaves the calls alone.
 *
 * @param timeout milliseconds; by default it waits for ever
 * @throws RangeError when `timeout` is negative or no number
 */
export function shutdownDefaultExecutor(loop: BaseEventLoop, timeout = Number.POSITIVE_INFINITY): Co<void> {
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new RangeError(`timeout is a number of milliseconds, 0 or more, not ${String(timeout)}`)
  }
  return shuttingDown(loop, timeout)
}

const shuttingDown = coroutine(function* shutdownDefaultExecutor(loop: BaseEventLoop, timeout: number) {
  const executor = executorOf(loop)
  executor.isShutDown = true
  let left = executor.calls.size
  if (left > 0) {
    const ended = loop.createFuture<boolean>()
    const end = (inTime: boolean) => ended.done() || ended.setResult(inTime)
    for (const call of executor.calls) {
      call.onceSettled(() => --left > 0 || loop.isClosed() || loop.callSoon(end, true))
    }
    const timer = timeout === Number.POSITIVE_INFINITY ? undefined : loop.callLater(timeout, end, false)
    try {
      if (!(yield* ended)) {
        process.emitWarning(`the calls of the executor did not end within ${timeout} ms`, 'RuntimeWarning')
      }
    } finally {
      timer?.cancel()
    }
  }
  closeDefaultExecutor(loop)
})

/** For `loop.close`: shuts a pool that was set down, without waiting. */
export function closeDefaultExecutor(loop: BaseEventLoop): void {
  void executors.get(loop)?.pool?.shutdown()
}

function checkPool(pool: ThreadPool) {
  if (typeof pool?.submit === 'function' && typeof pool.shutdown === 'function') return
  throw new TypeError(`an executor is a ThreadPool, not ${pool === null ? 'null' : typeof pool}`)
}

/** What the thread is to call; a generator gives more than one value, and is a stream. */
export function checkFunction(fn: unknown): void {
  const { name, shape } = referenceOf(fn)
  if (!shape.includes('GeneratorFunction')) return
  throw new TypeError(`${name} is a generator function: call it by asyncCall, and iterate what that gives`)
}
