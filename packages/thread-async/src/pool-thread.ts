import { type MessagePort, type ResourceLimits, Worker } from 'node:worker_threads'
import { WorkerCrashedError } from './errors.ts'
import type { Reference } from './portable.ts'
import type { ThreadFuture } from './thread-future.ts'
import { decodeError } from './wire/error-codec.ts'
import type { CallMessage, ResultMessage } from './wire/messages.ts'
import type { WireArguments } from './wire/wire-arguments.ts'

/** A call on its way to a thread. */
export interface Call {
  readonly reference: Reference
  readonly args: WireArguments
  readonly transfer: readonly MessagePort[]
  readonly future: ThreadFuture<unknown>
}

export interface PoolThreadOptions {
  readonly name: string
  /** Never keep the process alive, not even while a call runs. */
  readonly daemon: boolean
  readonly resourceLimits: ResourceLimits
  /** The thread has ended its call. */
  readonly onIdle: (thread: PoolThread) => void
  /** The thread is no more; the call it ran has failed. */
  readonly onEnd: (thread: PoolThread) => void
}

/**
 * One thread of a pool; runs one call at a time.
 *
 * Invariant: `#call` is the call that the thread has and that is not settled; whatever ends the thread settles it.
 */
export class PoolThread {
  readonly name: string
  readonly #worker: Worker
  readonly #options: PoolThreadOptions
  readonly #ended = Promise.withResolvers<void>()
  #call: Call | undefined
  #calls = 0
  #error: unknown

  constructor(options: PoolThreadOptions) {
    this.name = options.name
    this.#options = options
    const { name, resourceLimits } = options
    this.#worker = new Worker(new URL('./worker/bootstrap.js', import.meta.url), { name, resourceLimits })
    this.#worker.on('message', (message: ResultMessage) => this.#onResult(message))
    this.#worker.on('messageerror', error => this.#finish(call => call.future.setException(error)))
    this.#worker.on('error', error => {
      this.#error = error
    })
    this.#worker.on('exit', code => this.#onExit(code))
    // After the listeners: one for messages would keep the process alive again.
    this.#worker.unref()
  }

  /** What part of the thread's life so far its event loop was busy, from 0 to 1. */
  get utilization(): number {
    return this.#worker.performance.eventLoopUtilization().utilization
  }

  get idle(): boolean {
    return this.#call === undefined
  }

  /** Sends the call over; it fails at once when an argument cannot be cloned. */
  run(call: Call): void {
    this.#call = call
    const message: CallMessage = { type: 'call', id: ++this.#calls, reference: call.reference, args: call.args }
    try {
      this.#worker.postMessage(message, call.transfer)
      if (!this.#options.daemon) this.#worker.ref()
    } catch (error) {
      // Told later: whoever submits the call gets the future first.
      queueMicrotask(() => this.#finish(({ future }) => future.setException(error)))
    }
  }

  /** Ends the thread, and with it the call it runs. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
    await this.#ended.promise
  }

  #onResult(message: ResultMessage) {
    // The thread's own code may post what it likes.
    if (message?.id !== this.#calls) return
    this.#finish(({ future }) => {
      if (message.type === 'value') future.setResult(message.value)
      else future.setException(decodeError(message.error))
    })
  }

  #finish(settle: (call: Call) => void) {
    const call = this.#call
    if (!call) return
    this.#call = undefined
    this.#worker.unref()
    settle(call)
    this.#options.onIdle(this)
  }

  #onExit(code: number) {
    const call = this.#call
    this.#call = undefined
    if (call) {
      const why = this.#error === undefined ? `exit code ${code}` : 'an uncaught error'
      call.future.setException(
        new WorkerCrashedError(
          `thread ${this.name} ended with ${why} while it ran ${call.reference.name}`,
          this.#error === undefined ? undefined : { cause: this.#error },
        ),
      )
    } else if (this.#error !== undefined) {
      process.emitWarning(`thread ${this.name} ended with an uncaught error between two calls: ${this.#error}`)
    }
    this.#options.onEnd(this)
    this.#ended.resolve()
  }
}
