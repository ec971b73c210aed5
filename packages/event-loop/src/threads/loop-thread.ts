import { MessageChannel, type MessagePort, markAsUncloneable, threadId } from 'node:worker_threads'
import { shareable } from '@fosen/shared-memory'
import { type ThreadFuture, ThreadPool, transfer, WorkerCrashedError } from '@fosen/thread-async'
import { type Reference, referenceOf } from '@fosen/thread-async/worker'
import { checkOptions } from '../check-arguments.ts'
import { RuntimeError } from '../errors.ts'
import { LoopClient } from './loop-client.ts'
import { LoopState } from './loop-state.ts'
import { serveLoop } from './serve-loop.ts'

export interface LoopThreadOptions {
  /** Whether the process may end while the loop has nothing to answer; false by default: it lives until `stop`. */
  readonly daemon?: boolean | undefined
  /** Name of the thread, to which `-1` is added; `loop` by default. */
  readonly name?: string | undefined
}

/** A callback sent to a loop in another thread. */
export interface ThreadHandle {
  /** The callback is not called, if the loop has not come to it. */
  cancel(): void
  cancelled(): boolean
}

/** How a LoopThread crosses to another thread. */
interface SharedLoopThread {
  readonly id: string
  readonly name: string
  readonly daemon: boolean
  readonly state: SharedArrayBuffer
  readonly port: MessagePort
}

/** The shared ones that live, by id: what is passed to this thread twice, or back to it, is one object. */
const here = new Map<string, LoopThread>()
let made = 0

/**
 * An event loop in a thread of its own, which runs from the first use on until it is stopped.
 *
 * Send it coroutines of portable functions with `runCoroutineThreadsafe`, and callbacks with `callSoonThreadsafe`.
 *
 * As an argument of a call in another thread it passes by reference, which starts it. Over there it is a LoopThread of the
 * same loop, with a line of its own to it: what it is sent arrives whatever the thread that made it does, and it may be
 * passed on. Each thread can stop the loop, join it, and hears of a crash. What a thread has sent goes on when that thread
 * ends; the loop itself ends with the thread that made it.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { LoopThread, runCoroutineThreadsafe, sleep } from '@fosen/event-loop'
 * import { asyncCall, portable } from '@fosen/thread-async'
 *
 * const work = coroutine(
 *   portable(import.meta, function* work(name: string) {
 *     yield* sleep(10)
 *     return `done: ${name}`
 *   }),
 * )
 * const consumer = asyncCall(import.meta, function consumer(names: string[], loop: LoopThread) {
 *   return names.map(name => runCoroutineThreadsafe(work(name), loop)).map(future => future.result())
 * })
 *
 * if (import.meta.main) {
 *   const thread = new LoopThread()
 *   console.log(await consumer(['1', '2'], thread))
 *   await thread.close()
 * }
 * ```
 * ```text
 * [ 'done: 1', 'done: 2' ]
 * ```
 */
export class LoopThread implements AsyncDisposable {
  static {
    shareable(import.meta, LoopThread, {
      share: thread => thread.#share(),
      receive: (shared: SharedLoopThread) => LoopThread.#receive(shared),
    })
  }

  static #receive(shared: SharedLoopThread): LoopThread {
    const known = here.get(shared.id)
    if (known) shared.port.close()
    const thread = known ?? new LoopThread(shared, shared)
    if (thread.isAlive()) here.set(shared.id, thread)
    return thread
  }

  readonly daemon: boolean
  readonly name: string
  readonly #id: string
  readonly #state: LoopState
  /** Undefined before the start. */
  #client: LoopClient | undefined
  /** Undefined in threads that it was passed to. */
  #pool: ThreadPool | undefined
  #joined = false
  readonly #end = Promise.withResolvers<void>()

  /** @param shared for `shareable`: what has crossed from another thread */
  constructor(options: LoopThreadOptions = {}, shared?: SharedLoopThread) {
    checkOptions('{ daemon, name }', options)
    const { daemon = false, name = 'loop' } = options
    this.daemon = daemon
    this.name = name
    this.#id = shared?.id ?? `${threadId}-${++made}`
    this.#state = new LoopState(shared?.state)
    // Whoever joins hears of a crash, and so does every future; the promise alone is not to end the process.
    this.#end.promise.catch(() => {})
    // A clone would be an object that does nothing.
    markAsUncloneable(this)
    if (shared) this.#connect(shared.port)
  }

  /** Starts the thread, if it has not started; what is sent to it starts it too. Gives the LoopThread back. */
  start(): this {
    if (!this.#state.isNew) return this
    const { port1, port2 } = new MessageChannel()
    const pool = new ThreadPool({ max: 1, name: this.name, daemon: this.daemon })
    const served = pool.submit(serveLoop, this.#state.buffer, port2)
    this.#pool = pool
    this.#state.start()
    const client = this.#connect(port1)
    served.addDoneCallback(() => client.end(causeOf(served.exception())))
    return this
  }

  isAlive(): boolean {
    return this.#state.isAlive
  }

  /** What part of the thread's life so far its event loop was busy, from 0 to 1; 0 when it is not alive. */
  utilization(): number {
    if (!this.isAlive()) return 0
    return this.#pool?.stats().threads[0]?.utilization ?? this.#state.utilization
  }

  /**
   * Has the loop call a portable function in its next batch, with `args`; what the function throws is printed there.
   *
   * @throws NotPortableError when `callback` was not made portable
   * @throws DataCloneError when an argument cannot be cloned
   * @throws RuntimeError when the loop was stopped, or has crashed: with the `cause`
   */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): ThreadHandle {
    const client = this.#open()
    const id = client.call(referenceOf(callback), args)
    let cancelled = false
    return {
      cancel() {
        if (!cancelled) client.cancel(id)
        cancelled = true
      },
      cancelled: () => cancelled,
    }
  }

  /** For `runCoroutineThreadsafe`: runs the coroutine that a portable function makes. */
  runCoroutine<T>(reference: Reference, args: readonly unknown[]): ThreadFuture<T> {
    return this.#open().run(reference, args)
  }

  /**
   * Stops the loop once it has scheduled what was sent before: tasks that are not done are cancelled, whoever made them,
   * and the thread ends when they have cleaned up. Later submissions are refused, in every thread. What waits for a module
   * that is not imported within two seconds is not run.
   */
  stop(): void {
    if (this.#client) {
      this.#client.stop()
    } else if (this.#state.isNew) {
      this.#state.end()
      this.#end.resolve()
    }
  }

  /**
   * Resolves when the thread has ended; rejects with WorkerCrashedError when it has crashed. Keeps the process alive
   * until then, also with `daemon`.
   *
   * A crash that in the thread which made the loop no future and no join has told of becomes an `unhandledRejection` there,
   * one macrotask later.
   */
  join(): Promise<void> {
    this.#joined = true
    this.#client?.keepAlive()
    return this.#end.promise
  }

  /** Stops the loop, and waits for the end of the thread. */
  async close(): Promise<void> {
    this.stop()
    await this.join()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #open(): LoopClient {
    this.start()
    if (!this.#client) throw new RuntimeError(`the loop of thread ${this.name} was stopped`)
    return this.#client
  }

  #connect(port: MessagePort): LoopClient {
    const client = new LoopClient(this.name, this.#state, port, {
      // The pool knows more of how its thread has ended, and says so later.
      onClose: () => this.#pool ?? client.end(),
      onEnd: (crash, isTold) => this.#finish(crash, isTold),
    })
    this.#client = client
    if (this.#joined) client.keepAlive()
    if (this.#state.isOver) client.end()
    return client
  }

  #share(): SharedLoopThread {
    this.start()
    const { port1, port2 } = new MessageChannel()
    if (this.#client) this.#client.connect(port1)
    else port1.close()
    if (this.isAlive()) here.set(this.#id, this)
    const { daemon, name } = this
    return transfer({ id: this.#id, name, daemon, state: this.#state.buffer, port: port2 }, [port2])
  }

  #finish(crash: WorkerCrashedError | undefined, isTold: boolean) {
    here.delete(this.#id)
    if (crash && this.#pool && !isTold) setImmediate(() => this.#joined || void Promise.reject(crash))
    const end = () => (crash ? this.#end.reject(crash) : this.#end.resolve())
    if (this.#pool) void this.#pool.shutdown().then(end)
    else end()
  }
}

/** Why the thread ended, in the user's terms: what the pool ran in it is nothing he knows. */
function causeOf(error: unknown): unknown {
  return error instanceof WorkerCrashedError ? (error.cause ?? error) : error
}
