import {
  MessageChannel,
  type MessagePort,
  type ResourceLimits,
  receiveMessageOnPort,
  type Transferable,
  Worker,
} from 'node:worker_threads'
import { type Inbox, threadParker } from '@fosen/shared-memory'
import { Liveness } from './liveness.ts'
import type { Reference } from './portable.ts'
import { countThread } from './thread-count.ts'
import { decodeError } from './wire/error-codec.ts'
import type { FromThread, ThreadData, ToThread } from './wire/messages.ts'

/** Why a thread is no more. */
export interface ThreadEnd {
  /** Undefined when it was not told: the thread was terminated, or died without a word. */
  readonly exitCode: number | undefined
  /** What nobody caught; undefined when that was not the reason. */
  readonly error: unknown
}

export interface ThreadLinkOptions {
  readonly name: string
  readonly resourceLimits: ResourceLimits
  /** The cells of cancelled calls, see ThreadData. */
  readonly cancelled: SharedArrayBuffer
  readonly initializer: Reference | undefined
  readonly onMessage: (message: FromThread) => void
  /** Called once, after the last message. */
  readonly onEnd: (end: ThreadEnd) => void
  /** Called now and then while this thread is blocked and no timer of its runs. */
  readonly onCheck: () => void
}

/**
 * A thread, and the line to it. Messages and the thread's end arrive through the event loop, and while this thread is
 * blocked by a wait of fosen, through its parker.
 */
export class ThreadLink implements Inbox {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #liveness = new Liveness()
  readonly #options: ThreadLinkOptions
  readonly #endCount: () => void
  readonly #exited = Promise.withResolvers<void>()
  #ended = false
  #terminated: Promise<void> | undefined
  #wantsRef = false
  #hasRef = false
  #unrefs = false
  #error: unknown
  #exitCode: number | undefined

  constructor(options: ThreadLinkOptions) {
    this.#options = options
    const { name, resourceLimits, initializer, cancelled } = options
    const { port1, port2 } = new MessageChannel()
    const parker = threadParker()
    const { counts, end } = countThread()
    this.#endCount = end
    const workerData: ThreadData = {
      port: port2,
      held: this.#liveness.held,
      caller: parker.buffer,
      cancelled,
      initializer,
      counts,
    }
    this.#worker = new Worker(new URL('./worker/bootstrap.js', import.meta.url), {
      name,
      resourceLimits,
      workerData,
      transferList: [port2, this.#liveness.held],
    })
    this.#port = port1
    port1.on('message', (message: FromThread) => this.#receive(message))
    port1.on('messageerror', error => this.#receive({ type: 'lost', error }))
    port1.unref()
    this.#worker.on('error', error => {
      this.#error ??= error
    })
    this.#worker.on('exit', code => {
      this.#exitCode ??= code
      this.drainAll()
      this.#end()
      this.#exited.resolve()
    })
    this.#worker.unref()
    parker.add(this)
  }

  /** What part of the thread's life so far its event loop was busy, from 0 to 1. */
  get utilization(): number {
    return this.#worker.performance.eventLoopUtilization().utilization
  }

  /** @throws DataCloneError when the message cannot be cloned */
  post(message: ToThread, transfer: readonly Transferable[]): void {
    this.#port.postMessage(message, transfer)
  }

  /** The process lives as long as the thread. */
  ref(): void {
    this.#wantsRef = true
    if (this.#hasRef) return
    this.#hasRef = true
    this.#worker.ref()
  }

  /** Later: a thread that is asked again soon, as most are, need not be let go of in between. */
  unref(): void {
    this.#wantsRef = false
    if (this.#unrefs || !this.#hasRef) return
    this.#unrefs = true
    setImmediate(() => {
      this.#unrefs = false
      if (this.#wantsRef) return
      this.#hasRef = false
      this.#worker.unref()
    })
  }

  /** Ends the thread, whatever it does. Resolves when it is gone. */
  terminate(): Promise<void> {
    this.ref()
    this.#terminated ??= this.#worker.terminate().then(() => this.#exited.promise)
    return this.#terminated
  }

  drain(): boolean {
    const next = this.#ended ? undefined : receiveMessageOnPort(this.#port)
    if (next) this.#receive(next.message)
    return next !== undefined
  }

  drainAll(): void {
    while (this.drain());
  }

  check(): void {
    if (!this.#liveness.isAlive()) {
      // What it sent before it died is there.
      this.drainAll()
      this.#end()
    } else {
      this.#options.onCheck()
    }
  }

  #receive(message: FromThread) {
    if (message.type === 'uncaught') this.#error = decodeError(message.error)
    else if (message.type === 'exit') this.#exitCode = message.code
    else this.#options.onMessage(message)
  }

  #end() {
    if (this.#ended) return
    this.#ended = true
    threadParker().remove(this)
    this.#endCount()
    this.#liveness.close()
    this.#port.close()
    this.#options.onEnd({ exitCode: this.#exitCode, error: this.#error })
  }
}
