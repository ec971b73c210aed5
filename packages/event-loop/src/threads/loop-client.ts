import { type MessagePort, threadId } from 'node:worker_threads'
import { type Inbox, isDead, threadParker } from '@fosen/shared-memory'
import { ThreadFuture, WorkerCrashedError } from '@fosen/thread-async'
import { decodeError, packArguments, type Reference, sendArguments } from '@fosen/thread-async/worker'
import { RuntimeError } from '../errors.ts'
import { CancelMarks } from './cancel-marks.ts'
import { Line } from './line.ts'
import type { LoopState } from './loop-state.ts'
import type { FromLoop, ToLoop } from './messages.ts'
import { OwnLoopFuture } from './own-loop-future.ts'

/** A function as the loop knows it, once it was told. */
interface KnownFunction {
  readonly number: number
  isTold: boolean
}

export interface LoopClientEvents {
  /** The loop has ended, or its thread is no more; may be called again. */
  readonly onClose: () => void
  /** Called once, by `end`; `isTold` when a future has failed with the crash. */
  readonly onEnd: (crash: WorkerCrashedError | undefined, isTold: boolean) => void
}

/** This thread's line to a loop in another thread, and the futures of what it has sent there. */
export class LoopClient implements Inbox {
  readonly #name: string
  readonly #state: LoopState
  readonly #events: LoopClientEvents
  readonly #line: Line<FromLoop, ToLoop>
  readonly #marks = new CancelMarks()
  readonly #futures = new Map<number, ThreadFuture<unknown>>()
  readonly #functions = new Map<Reference, KnownFunction>()
  #sent = 0
  #isAwaited = false
  #ended = false
  /** Why the thread is no more, when it was not stopped. */
  #crash: WorkerCrashedError | undefined

  /** @param name of the thread, for errors */
  constructor(name: string, state: LoopState, port: MessagePort, events: LoopClientEvents) {
    this.#name = name
    this.#state = state
    this.#events = events
    this.#line = new Line(port, {
      onMessage: message => this.#receive(message),
      onLost: error => this.#failAll(error),
      onClose: () => events.onClose(),
    })
    const parker = threadParker()
    parker.add(this)
    this.#line.send({ type: 'hello', parker: parker.word, marks: this.#marks.buffer })
    this.#keepAlive()
  }

  /**
   * Has the loop run the coroutine that the function makes.
   *
   * @throws RuntimeError when the loop was stopped, or has crashed: with the `cause`
   * @throws DataCloneError when an argument cannot be cloned
   */
  run<T>(reference: Reference, args: readonly unknown[]): ThreadFuture<T> {
    const id = this.#invoke('run', reference, args)
    const Future = this.#state.thread === threadId ? OwnLoopFuture : ThreadFuture
    const future = new Future<T>(() => {
      // One that the loop itself says is cancelled is forgotten by then.
      if (this.#futures.delete(id)) this.cancel(id)
      this.#keepAlive()
      return true
    })
    this.#futures.set(id, future as ThreadFuture<unknown>)
    this.#keepAlive()
    return future
  }

  /** Has the loop call the function; gives what cancels that. Throws as `run`. */
  call(reference: Reference, args: readonly unknown[]): number {
    return this.#invoke('call', reference, args)
  }

  /** What has not begun does not begin; a task is cancelled. */
  cancel(id: number): void {
    if (this.#ended) return
    this.#marks.add(id)
    this.#line.send({ type: 'cancel', id })
  }

  stop(): void {
    this.#state.stop()
    if (this.#state.isAlive) this.#line.send({ type: 'stop' })
  }

  /** Has the loop serve another line. */
  connect(port: MessagePort): void {
    if (this.#ended) port.close()
    else this.#line.send({ type: 'connect', port }, [port])
  }

  /** The process lives until the thread has ended, as somebody waits for that. */
  keepAlive(): void {
    this.#isAwaited = true
    this.#keepAlive()
  }

  drain(): boolean {
    return this.#line.takeNext()
  }

  check(): void {
    if (this.#state.isOver || isDead(this.#state.thread)) this.#events.onClose()
  }

  /** The thread is no more; what is known of it already stands. */
  end(cause?: unknown): void {
    this.#state.die()
    this.#end(cause)
  }

  #end(cause?: unknown) {
    if (this.#ended) return
    this.#ended = true
    threadParker().remove(this)
    // What the thread sent before it ended stands in the port still.
    while (this.#line.takeNext());
    this.#line.close()
    if (this.#state.hasCrashed) this.#crash ??= this.#crashOf(cause)
    const isTold = this.#futures.size > 0
    this.#failAll(this.#crash ?? this.#refusal())
    this.#events.onEnd(this.#crash, isTold)
  }

  #invoke(type: 'run' | 'call', reference: Reference, given: readonly unknown[]): number {
    if (!this.#state.isOpen) {
      // The event that tells of it may not have come.
      if (this.#state.hasCrashed && this.#state.isOver) this.end()
      throw this.#refusal()
    }
    const fn = this.#numberOf(reference)
    this.#sent = (this.#sent + 1) | 0 || 1
    const id = this.#sent
    sendArguments(packArguments(given), reference.name, ({ args, transfer }) => {
      const untold = fn.isTold ? undefined : reference
      this.#line.send({ type, id, fn: fn.number, reference: untold, args }, transfer)
    })
    fn.isTold = true
    return id
  }

  #numberOf(reference: Reference): KnownFunction {
    const known = this.#functions.get(reference)
    if (known) return known
    const added = { number: this.#functions.size, isTold: false }
    this.#functions.set(reference, added)
    return added
  }

  #receive(message: FromLoop) {
    if (message.type === 'crashed') {
      this.#crash = this.#crashOf(decodeError(message.cause))
      // Not dead yet: it has others to tell.
      this.#end()
      return
    }
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

  #failAll(error: unknown) {
    for (const [id, future] of [...this.#futures]) {
      this.#forget(id)
      future.setException(error)
    }
  }

  /** Who awaits a coroutine, or the end of the thread, needs the process to live until then. */
  #keepAlive() {
    this.#line.keepAlive(this.#isAwaited || this.#futures.size > 0)
  }

  #refusal(): RuntimeError {
    const cause = this.#crash && { cause: this.#crash }
    const how = this.#state.hasCrashed ? 'has crashed' : 'was stopped'
    return new RuntimeError(`the loop of thread ${this.#name} ${how}`, cause)
  }

  #crashOf(cause: unknown): WorkerCrashedError {
    const options = cause === undefined ? undefined : { cause }
    return new WorkerCrashedError(`the loop of thread ${this.#name} has crashed`, options)
  }
}
