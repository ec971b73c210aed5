import { isMainThread } from 'node:worker_threads'
import type { AsyncFunction, Awaitable } from './awaitable.ts'
import { checkFunction, checkOptions } from './check-arguments.ts'
import { checkAwaitable } from './check-awaitable.ts'
import { type Context, checkContext, copyContext } from './context/context.ts'
import { waitFor } from './ensure-future.ts'
import { CancelledError, KeyboardInterrupt, RuntimeError } from './errors.ts'
import { EventLoop } from './event-loop.ts'
import { gather } from './gather.ts'
import { isCoroutine } from './is-coroutine.ts'
import type { BaseEventLoop } from './loop/base-event-loop.ts'
import { findRunningLoop } from './loop/running-loop.ts'
import { checkIsCalled } from './run-body.ts'
import { shown } from './shown.ts'
import { thrownBy } from './thrown-by.ts'

/** A loop that a Runner can run. */
export interface RunnableLoop extends BaseEventLoop {
  runUntilComplete<T>(work: Awaitable<T>): T | Promise<T>
}

export interface RunnerOptions {
  /** Turns the debug mode of the loop on or off; by default it stays as the loop has it. */
  readonly debug?: boolean | undefined
  /** Makes the loop; an EventLoop by default. */
  readonly loopFactory?: (() => RunnableLoop) | undefined
}

/** What `run` runs. */
type Main<T> = Awaitable<T> | AsyncFunction<T>

/** How long the calls of the executor may take to end when the runner is closed, in milliseconds. */
const patience = 300_000

/** How many runs of this thread listen for Ctrl-C. */
let listening = 0

/**
 * An event loop that is made when it is needed, runs one coroutine after the other, and is cleaned up at the end.
 *
 * `run` does all of this for one coroutine.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { Runner, sleep } from '@fosen/event-loop'
 *
 * const greet = coroutine(function* (name: string) {
 *   yield* sleep(10)
 *   console.log(`hello, ${name}`)
 * })
 *
 * const runner = new Runner()
 * await runner.run(greet('one'))
 * await runner.run(greet('two'))
 * await runner.close()
 * ```
 * ```text
 * hello, one
 * hello, two
 * ```
 * @see https://docs.python.org/3/library/asyncio-runner.html#asyncio.Runner
 */
export class Runner implements AsyncDisposable {
  readonly #debug: boolean | undefined
  readonly #loopFactory: () => RunnableLoop
  #loop: RunnableLoop | undefined
  /** What the coroutines run in, one after the other. */
  #context: Context | undefined
  #closed = false

  /** @throws TypeError when `options` is no object, or `loopFactory` no function */
  constructor(options: RunnerOptions = {}) {
    checkOptions('{ debug, loopFactory }', options)
    const { debug, loopFactory = () => new EventLoop() } = options
    checkFunction('loopFactory', loopFactory)
    this.#debug = debug
    this.#loopFactory = loopFactory
  }

  /**
   * The loop, which is made when it is first asked for.
   *
   * @throws RuntimeError when the runner is closed
   * @throws TypeError when `loopFactory` gives no loop
   */
  getLoop(): RunnableLoop {
    if (this.#closed) throw new RuntimeError('Runner is closed')
    this.#loop ??= this.#makeLoop()
    return this.#loop
  }

  /**
   * Runs a coroutine, or an async function, to its end.
   *
   * While an EventLoop runs it, Ctrl-C (SIGINT) cancels it, unless the program listens for that signal itself; the second
   * Ctrl-C ends the process. A loop that blocks its thread, or a task that does, hears of no signal.
   *
   * @param options.context what it runs in; by default one that all coroutines of the runner share
   * @returns what it returns; rejects with what it throws
   * @throws TypeError when it is none of these, nor anything that a coroutine can wait for
   * @throws RuntimeError when the runner is closed, or a loop runs already
   * @throws KeyboardInterrupt (as a rejection) when Ctrl-C has cancelled it, and it has ended by that
   */
  run<T>(main: Main<T>, options: { readonly context?: Context | undefined } = {}): Promise<T> {
    checkMain(main)
    checkOptions('{ context }', options)
    checkContext(options.context)
    if (findRunningLoop()) throw new RuntimeError('Runner.run() cannot be called from a running event loop')
    const loop = this.getLoop()
    return this.#run(main, loop, options.context ?? this.#context)
  }

  /**
   * Cancels the tasks that are left, waits for them and for the calls of the loop's executor, and closes the loop.
   *
   * A failure of one of these tasks goes to the loop's exception handler.
   *
   * @throws RuntimeError (as a rejection) while a coroutine runs
   */
  async close(): Promise<void> {
    const loop = this.#loop
    if (!loop || this.#closed) return
    if (loop.isRunning()) throw new RuntimeError('Runner cannot be closed while it runs')
    this.#closed = true
    try {
      await cancelAllTasks(loop)
      await loop.runUntilComplete(loop.shutdownDefaultExecutor(patience))
    } finally {
      loop.close()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #makeLoop(): RunnableLoop {
    const loop = this.#loopFactory()
    if (typeof loop?.runUntilComplete !== 'function') {
      throw new TypeError(`loopFactory gives a loop, not ${shown(loop)}`)
    }
    if (this.#debug !== undefined) loop.setDebug(this.#debug)
    this.#context = copyContext()
    return loop
  }

  async #run<T>(main: Main<T>, loop: RunnableLoop, context: Context | undefined): Promise<T> {
    if (loop.isRunning()) throw new RuntimeError('This event loop is already running')
    const work = isCoroutine<T>(main) || typeof main === 'function' ? main : waitFor(main)
    const task = loop.createTask<T>(work, { context })
    let interrupted = false
    const interrupt = () => {
      interrupted = true
      // Too late to cancel anything: as if nobody had listened.
      if (!task.cancel()) process.kill(process.pid, 'SIGINT')
    }
    const listens = loop instanceof EventLoop && isMainThread && process.listenerCount('SIGINT') === listening
    if (listens) {
      listening++
      process.once('SIGINT', interrupt)
    }
    try {
      return await loop.runUntilComplete(task)
    } catch (error) {
      if (interrupted && error instanceof CancelledError && task.uncancel() === 0) throw new KeyboardInterrupt()
      throw error
    } finally {
      if (listens) listening--
      process.off('SIGINT', interrupt)
    }
  }
}

async function cancelAllTasks(loop: RunnableLoop): Promise<void> {
  const tasks = [...loop.tasks]
  if (tasks.length === 0) return
  for (const task of tasks) task.cancel()
  await loop.runUntilComplete(gather(tasks, { returnExceptions: true }))
  for (const task of tasks) {
    const message = 'unhandled exception during asyncio.run() shutdown'
    const thrown = thrownBy(task)
    if (thrown) loop.callExceptionHandler({ message, error: thrown.error, task })
  }
}

function checkMain(main: unknown) {
  checkIsCalled(main, 'run')
  if (typeof main !== 'function') checkAwaitable(main)
}
