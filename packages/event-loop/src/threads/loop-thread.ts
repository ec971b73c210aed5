import { MessageChannel, type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads'
import { type Inbox, threadParker } from '@fosen/shared-memory'
import { ThreadFuture, ThreadPool, WorkerCrashedError } from '@fosen/thread-async'
import { decodeError, keepArguments, packArguments, type Reference, referenceOf } from '@fosen/thread-async/worker'
import { RuntimeError } from '../errors.ts'
import type { FromLoop, ToLoop } from './messages.ts'
import { serveLoop } from './serve-loop.ts'

export interface LoopThreadOptions {
  /** Whether the process may end while the loop has nothing to answer; false by default: it lives until `stop`. */
  readonly daemon?: boolean | undefined
  /** Name of the thread, to which `-1` is added; `loop` by default. */
  readonly name?: string | undefined
}

/** A callback sent to a loop in another thread. */
export interface ThreadHandle {
  /** The callback is not called: surely in the turn that sent it, later if this reaches the loop before it was. */
  cancel(): void
  cancelled(): boolean
}

type State = 'new' | 'running' | 'stopping' | 'ended'

/**
 * An event loop in a thread of its own, which runs from the first use on until it is stopped.
 *
 * Send it coroutines of portable functions with `runCoroutineThreadsafe`, and callbacks with `callSoonThreadsafe`.
 */
export class LoopThread implements AsyncDisposable, Inbox {
  readonly daemon: boolean
  readonly name: string
  readonly #futures = new Map<number, ThreadFuture<unknown>>()
  /** What is sent when the current turn is over: what it takes back before that was never sent. */
  #outbox: { readonly message: ToLoop; readonly transfer: readonly Transferable[] }[] = []
  #sent = 0
  #state: State = 'new'
  #pool: ThreadPool | undefined
  #port: MessagePort | undefined
  #joined = false
  /** Why the thread is no more, when it was not stopped. */
  #crash: unknown
  readonly #end = Promise.withResolvers<void>()

  constructor({ daemon = false, name = 'loop' }: LoopThreadOptions = {}) {
    this.daemon = daemon
    this.name = name
    // Whoever joins hears of a crash, and so does every future; the promise alone is not to end the process.
    this.#end.promise.catch(() => {})
  }

  /** Starts the thread, if it has not started; what is sent to it starts it too. Gives the LoopThread back. */
  start(): this {
    if (this.#state !== 'new') return this
    const { port1, port2 } = new MessageChannel()
    const pool = new ThreadPool({ max: 1, name: this.name, daemon: this.daemon })
    port1.on('message', (message: FromLoop) => this.#receive(message))
    this.#pool = pool
    this.#port = port1
    this.#state = 'running'
    this.#keepAlive()
    const parker = threadParker()
    parker.add(this)
    pool.submit(serveLoop, port2, parker.buffer).addDoneCallback(served => this.#finish(pool, served))
    return this
  }

  isAlive(): boolean {
    return this.#state === 'running' || this.#state === 'stopping'
  }

  /** What part of the thread's life so far its event loop was busy, from 0 to 1; 0 when it is not alive. */
  utilization(): number {
    return this.#pool?.stats().threads[0]?.utilization ?? 0
  }

  /**
   * Has the loop call a portable function in its next batch, with `args`; what the function throws is printed there.
   *
   * @throws NotPortableError when `callback` was not made portable
   * @throws DataCloneError when an argument cannot be cloned
   * @throws RuntimeError when the loop was stopped, or has crashed: with the `cause`
   */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): ThreadHandle {
    const id = this.#invoke('call', referenceOf(callback), args)
    let cancelled = false
    return {
      cancel: () => {
        cancelled = true
        this.#cancel(id)
      },
      cancelled: () => cancelled,
    }
  }

  /** For `runCoroutineThreadsafe`: runs the coroutine that a portable function makes. */
  runCoroutine<T>(reference: Reference, args: readonly unknown[]): ThreadFuture<T> {
    const id = this.#invoke('run', reference, args)
    const future = new ThreadFuture<T>(() => {
      this.#forget(id)
      this.#cancel(id)
      return true
    })
    this.#futures.set(id, future as ThreadFuture<unknown>)
    this.#keepAlive()
    return future
  }

  /**
   * Stops the loop once it has scheduled what was sent before: tasks that are not done are cancelled, whoever made them,
   * and the thread ends when they have cleaned up. Later submissions are refused. What waits for a module that is not
   * imported within two seconds is not run.
   */
  stop(): void {
    if (this.#state === 'new') {
      this.#state = 'ended'
      this.#end.resolve()
    } else if (this.#state === 'running') {
      this.#send({ type: 'stop' })
      this.#state = 'stopping'
    }
  }

  /**
   * Resolves when the thread has ended; rejects with WorkerCrashedError when it has crashed. Keeps the process alive
   * until then, also with `daemon`.
   *
   * A crash that no future and no join has told of becomes an `unhandledRejection` one macrotask later.
   */
  join(): Promise<void> {
    this.#joined = true
    this.#keepAlive()
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

  /** For a thread that blocks on a future: sends what is to be sent, and takes in what has arrived. */
  drain(): boolean {
    this.#flush()
    const next = this.#port && receiveMessageOnPort(this.#port)
    if (next) this.#receive(next.message)
    return next !== undefined
  }

  /** A crash shows in the pool. */
  check(): void {}

  #invoke(type: 'run' | 'call', reference: Reference, args: readonly unknown[]): number {
    this.start()
    if (this.#crash !== undefined) {
      throw new RuntimeError(`the loop of thread ${this.name} has crashed`, { cause: this.#crash })
    }
    if (this.#state !== 'running') throw new RuntimeError(`the loop of thread ${this.name} was stopped`)
    const packed = keepArguments(packArguments(args), reference.name)
    const id = ++this.#sent
    this.#send({ type, id, reference, args: packed.args }, packed.transfer)
    return id
  }

  #cancel(id: number) {
    const index = this.#outbox.findIndex(({ message }) => message.type !== 'stop' && message.id === id)
    if (index >= 0) this.#outbox.splice(index, 1)
    else if (this.isAlive()) this.#send({ type: 'cancel', id })
  }

  #send(message: ToLoop, transfer: readonly Transferable[] = []) {
    if (this.#outbox.push({ message, transfer }) === 1) queueMicrotask(() => this.#flush())
  }

  #flush() {
    const outbox = this.#outbox
    this.#outbox = []
    for (const { message, transfer } of outbox) this.#port?.postMessage(message, transfer)
  }

  #receive(message: FromLoop) {
    const future = this.#futures.get(message.id)
    this.#forget(message.id)
    if (!future) return
    if (message.type === 'value') future.setResult(message.value)
    else if (message.type === 'error') future.setException(decodeError(message.error))
    else future.cancel((decodeError(message.error) as Error).message || undefined)
  }

  #forget(id: number) {
    this.#futures.delete(id)
    this.#keepAlive()
  }

  /** Who awaits a coroutine, or the end of the thread, needs the process to live until then. */
  #keepAlive() {
    if (this.#joined || this.#futures.size > 0) this.#port?.ref()
    else this.#port?.unref()
  }

  #finish(pool: ThreadPool, served: ThreadFuture<void>) {
    // What the loop answered before it ended stands in the port still.
    while (this.drain());
    threadParker().remove(this)
    this.#state = 'ended'
    this.#port?.close()
    this.#crash = this.#crashOf(served.exception())
    for (const future of this.#futures.values()) {
      future.setException(this.#crash ?? new RuntimeError(`the loop of thread ${this.name} was stopped`))
    }
    if (this.#crash !== undefined && this.#futures.size === 0) {
      setImmediate(() => this.#joined || void Promise.reject(this.#crash))
    }
    this.#futures.clear()
    void pool.shutdown().then(() => {
      if (this.#crash === undefined) this.#end.resolve()
      else this.#end.reject(this.#crash)
    })
  }

  /** Why the thread ended, in the user's terms: what the pool ran in it is nothing he knows. */
  #crashOf(error: unknown): unknown {
    if (!(error instanceof WorkerCrashedError)) return error
    return new WorkerCrashedError(`the loop of thread ${this.name} has crashed`, { cause: error.cause ?? error })
  }
}
