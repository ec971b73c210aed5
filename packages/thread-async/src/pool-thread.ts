import type { ResourceLimits, Transferable } from 'node:worker_threads'
import { TimeoutError } from '@fosen/shared-memory'
import { WorkerCrashedError } from './errors.ts'
import type { Reference } from './portable.ts'
import type { ThreadFuture } from './thread-future.ts'
import { type ThreadEnd, ThreadLink } from './thread-link.ts'
import type { ThreadStream } from './thread-stream.ts'
import { decodeError, encodeError } from './wire/error-codec.ts'
import type { FromThread } from './wire/messages.ts'
import type { WireArguments } from './wire/wire-arguments.ts'

/** A call on its way to a thread. */
export interface Call {
  readonly reference: Reference
  readonly args: WireArguments
  /** The arguments as they were given. */
  readonly given: readonly unknown[]
  readonly transfer: readonly Transferable[]
  readonly future: ThreadFuture<unknown>
  /** Where its values go, when it is a stream. */
  stream: ThreadStream<unknown, unknown> | undefined
  /** The thread that has it. */
  thread: PoolThread | undefined
  /** Milliseconds that it may run. */
  readonly timeout: number
  /** Milliseconds that it may go on running once it is cancelled; then its thread is ended. */
  readonly grace: number
}

export interface PoolThreadOptions {
  readonly name: string
  /** Calls at a time. */
  readonly concurrency: number
  /** Never keep the process alive, not even while a call runs. */
  readonly daemon: boolean
  readonly resourceLimits: ResourceLimits
  readonly initializer: Reference | undefined
  /** The initializer has failed: the thread runs nothing. */
  readonly onBroken: (error: unknown) => void
  /** The thread has room for another call. */
  readonly onRoom: () => void
  /** The thread is no more; the calls it ran have failed. */
  readonly onEnd: (thread: PoolThread) => void
}

interface Running {
  readonly call: Call
  readonly id: number
  readonly slot: number
  /** When something is done about it, in time of `performance.now`: it is cancelled, or its thread is ended. */
  deadline: number
  timer: NodeJS.Timeout | undefined
}

/**
 * One thread of a pool, and the calls that it runs.
 *
 * Invariant: `#running` holds the calls that the thread has not answered; whatever ends the thread settles them.
 */
export class PoolThread {
  readonly name: string
  readonly #options: PoolThreadOptions
  readonly #link: ThreadLink
  readonly #running = new Map<number, Running>()
  readonly #cancelled: Int32Array<SharedArrayBuffer>
  readonly #slots: number[]
  #sent = 0
  #ended = false
  #keptAlive = false
  #terminating = false
  #isReady = false
  /** When it last had a call, in time of `performance.now`. */
  lastUsed = performance.now()

  constructor(options: PoolThreadOptions) {
    const { name, resourceLimits, initializer, concurrency } = options
    this.name = name
    this.#options = options
    this.#slots = Array.from({ length: concurrency }, (_, slot) => slot)
    this.#cancelled = new Int32Array(new SharedArrayBuffer(4 * concurrency))
    this.#link = new ThreadLink({
      name,
      resourceLimits,
      initializer,
      cancelled: this.#cancelled.buffer,
      onMessage: message => this.#onMessage(message),
      onEnd: end => this.#onEnd(end),
      onCheck: () => this.#onCheck(),
    })
  }

  get utilization(): number {
    return this.#link.utilization
  }

  get running(): number {
    return this.#running.size
  }

  get hasRoom(): boolean {
    return this.#slots.length > 0 && !this.#ended
  }

  /** Sends the call over, when there is room; it fails at once when an argument cannot be cloned. */
  run(call: Call): void {
    const id = ++this.#sent
    const slot = this.#slots.pop() as number
    const running: Running = { call, id, slot, deadline: Number.POSITIVE_INFINITY, timer: undefined }
    const { reference, args, transfer } = call
    call.thread = this
    this.#running.set(id, running)
    try {
      this.#link.post({ type: 'call', id, slot, reference, args }, transfer)
    } catch (error) {
      this.#release(running)
      call.future.setException(error)
      return
    }
    if (!this.#options.daemon) this.#link.ref()
    this.#setDeadline(running, call.timeout)
  }

  /** Lets the stream of the call send as many values more. */
  giveCredit(call: Call, count: number): void {
    for (const running of this.#running.values()) {
      if (running.call === call) this.#link.post({ type: 'credit', id: running.id, count }, [])
    }
  }

  /** Tells the function that it is cancelled, and ends the thread when it has not ended within its grace. */
  cancel(call: Call, reason: unknown): void {
    for (const running of this.#running.values()) if (running.call === call) this.#cancel(running, reason)
  }

  /** The process lives until the thread has ended. */
  keepAlive(): void {
    this.#keptAlive = true
    this.#link.ref()
  }

  /** Fails what it runs, and ends it. */
  fail(error: unknown): void {
    void this.terminate()
    for (const { call } of [...this.#running.values()]) call.future.setException(error)
  }

  terminate(): Promise<void> {
    this.#ended = true
    this.#terminating = true
    return this.#link.terminate()
  }

  #cancel(running: Running, reason: unknown) {
    Atomics.store(this.#cancelled, running.slot, running.id)
    this.#link.post({ type: 'cancel', id: running.id, reason: encodeError(reason) }, [])
    this.#setDeadline(running, running.call.grace)
  }

  #setDeadline(running: Running, milliseconds: number) {
    clearTimeout(running.timer)
    running.deadline = performance.now() + milliseconds
    if (milliseconds === Number.POSITIVE_INFINITY) return
    // What keeps the process alive is the thread.
    running.timer = setTimeout(() => this.#onDeadline(running), milliseconds).unref()
  }

  #onDeadline(running: Running) {
    // Its answer may be there, and this thread have been too busy to read it.
    this.#link.drainAll()
    if (this.#running.get(running.id) !== running) return
    const { future, timeout, reference } = running.call
    if (future.done()) {
      // Cancelled, and still running when its grace is over.
      void this.terminate()
      return
    }
    const error = new TimeoutError(`${reference.name} did not end within ${timeout} ms`)
    this.#cancel(running, error)
    future.setException(error)
  }

  /** The timers of a blocked thread do not run. */
  #onCheck() {
    const now = performance.now()
    for (const running of [...this.#running.values()]) {
      if (running.deadline <= now && this.#running.has(running.id)) this.#onDeadline(running)
    }
  }

  #onMessage(message: FromThread) {
    if (message.type === 'value') {
      this.#finish(message.id, ({ call }) => call.future.setResult(message.value))
    } else if (message.type === 'item') {
      this.#running.get(message.id)?.call.stream?.push(message.value)
    } else if (message.type === 'error') {
      this.#finish(message.id, ({ call }) => call.future.setException(decodeError(message.error)))
    } else if (message.type === 'ready') {
      this.#isReady = true
    } else if (message.type === 'broken') {
      this.#options.onBroken(decodeError(message.error))
    } else if (message.type === 'lost') {
      // Nobody knows which of them it was.
      for (const id of [...this.#running.keys()])
        this.#finish(id, ({ call }) => call.future.setException(message.error))
    }
  }

  #finish(id: number, settle: (running: Running) => void) {
    const running = this.#running.get(id)
    if (!running) return
    this.#release(running)
    // Before anybody is told: a callback may block on a call that waits for this room.
    this.#options.onRoom()
    settle(running)
  }

  #release({ id, slot, timer }: Running) {
    this.#running.delete(id)
    this.#slots.push(slot)
    this.lastUsed = performance.now()
    clearTimeout(timer)
    if (this.#running.size === 0 && !this.#keptAlive) this.#link.unref()
  }

  #onEnd({ exitCode, error }: ThreadEnd) {
    this.#ended = true
    if (this.#options.initializer && !this.#isReady && !this.#terminating) {
      this.#options.onBroken(new WorkerCrashedError(`thread ${this.name} ended while it ran the initializer`))
    }
    const running = [...this.#running.values()]
    this.#running.clear()
    for (const { timer } of running) clearTimeout(timer)
    this.#options.onEnd(this)
    for (const { call } of running) call.future.setException(this.#crash(call, exitCode, error))
    if (running.length === 0 && error !== undefined) {
      process.emitWarning(`thread ${this.name} ended with an uncaught error between two calls: ${error}`)
    }
  }

  #crash({ reference }: Call, exitCode: number | undefined, error: unknown): WorkerCrashedError {
    const how =
      error !== undefined ? ' with an uncaught error' : exitCode === undefined ? '' : ` with exit code ${exitCode}`
    const cause = error === undefined ? undefined : { cause: error }
    return new WorkerCrashedError(`thread ${this.name} ended${how} while it ran ${reference.name}`, cause)
  }
}
