import { coroutine } from '@fosen/coroutine'
import { defaultThreadPool, type ThreadFuture, type ThreadPool } from '@fosen/thread-async'
import type { Co } from '../awaitable.ts'
import { RuntimeError } from '../errors.ts'
import type { Future } from '../future.ts'
import { shown } from '../shown.ts'
import { checkThreadFunction } from '../threads/check-thread-function.ts'
import { wrapFuture } from '../threads/wrap-future.ts'
import type { BaseEventLoop } from './base-event-loop.ts'
import { ExceptionReports } from './exception-reports.ts'

/** The part of a loop that runs functions in threads: in its default executor, where no other pool is given. */
export abstract class ExecutorLoop extends ExceptionReports {
  /** Undefined until one is set: then it is the thread's default pool, which is not the loop's to shut down. */
  #executor: ThreadPool | undefined
  #isShutDown = false
  /** The calls of the default executor that have not ended. */
  readonly #calls = new Set<ThreadFuture<unknown>>()

  /**
   * Runs a portable function in a thread; cancelling the future cancels the call.
   *
   * @param executor null for the loop's own: the one that was set, or else the default pool of `@fosen/thread-async`
   * @throws TypeError when `executor` is none, or `fn` a generator function
   * @throws NotPortableError when `fn` is neither portable nor wrapped by `asyncCall`
   * @throws RuntimeError when the loop is closed, or its own executor was shut down
   * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.run_in_executor
   */
  runInExecutor<A extends unknown[], R>(
    executor: ThreadPool | null | undefined,
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>> {
    this.checkOpen()
    if (executor !== null && executor !== undefined) checkPool(executor)
    checkThreadFunction(fn)
    if (!executor && this.#isShutDown) throw new RuntimeError('Executor shutdown has been called')
    const pool = executor ?? this.#executor ?? defaultThreadPool()
    const call = pool.submit(fn, ...args) as ThreadFuture<Awaited<R>>
    const future = wrapFuture(call, { loop: this as unknown as BaseEventLoop })
    if (!executor) {
      this.#calls.add(call as ThreadFuture<unknown>)
      call.onceSettled(() => this.#calls.delete(call as ThreadFuture<unknown>))
    }
    return future
  }

  /**
   * Sets the pool in which `toThread`, and `runInExecutor` where it is given null, run their calls. The loop shuts it
   * down when it is closed.
   *
   * @throws TypeError when `executor` is no ThreadPool
   */
  setDefaultExecutor(executor: ThreadPool): void {
    checkPool(executor)
    this.#executor = executor
  }

  /**
   * Waits for the calls that the default executor runs, and refuses others; a pool that was set is shut down.
   *
   * @param timeout milliseconds; when the calls have not ended by then, a warning is emitted and the wait is over
   * @throws RangeError when `timeout` is negative, or no number
   */
  shutdownDefaultExecutor(timeout = Number.POSITIVE_INFINITY): Co<void> {
    if (typeof timeout !== 'number' || !(timeout >= 0)) {
      throw new RangeError(`timeout is a number of milliseconds, 0 or more, not ${String(timeout)}`)
    }
    return ExecutorLoop.#shuttingDown(this as unknown as BaseEventLoop, timeout)
  }

  /** For `close`: without waiting. */
  protected closeDefaultExecutor(): void {
    void this.#executor?.shutdown()
  }

  protected abstract checkOpen(): void

  static readonly #shuttingDown = coroutine(function* shutdownDefaultExecutor(loop: BaseEventLoop, timeout: number) {
    loop.#isShutDown = true
    let left = loop.#calls.size
    if (left > 0) {
      const ended = loop.createFuture<boolean>()
      const end = (inTime: boolean) => ended.done() || ended.setResult(inTime)
      for (const call of loop.#calls) {
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
    loop.closeDefaultExecutor()
  })
}

function checkPool(pool: ThreadPool) {
  if (typeof pool?.submit === 'function' && typeof pool.shutdown === 'function') return
  throw new TypeError(`an executor is a ThreadPool, not ${shown(pool)}`)
}
