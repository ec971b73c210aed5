import {
  MessageChannel,
  type MessagePort,
  type ResourceLimits,
  receiveMessageOnPort,
  type Transferable,
  threadId,
  Worker,
} from 'node:worker_threads'
import { type Inbox, markDead, threadParker, threadTable } from '@fosen/shared-memory'
import { Liveness } from './liveness.ts'
import type { ThreadCells } from './ring/thread-cells.ts'
import { countThread } from './thread-count.ts'
import { decodeError } from './wire/error-codec.ts'
import type { FromThread, LineData, ThreadData, ToThread } from './wire/messages.ts'

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
  /** What the thread starts with, besides what the line to it takes. */
  readonly data: Omit<ThreadData, keyof LineData>
  readonly cells: ThreadCells
  /** The call in the slot has its result there. */
  readonly onResult: (slot: number) => void
  readonly onMessage: (message: FromThread) => void
  /** Called before this thread sleeps, in a wait of fosen. */
  readonly onSleep: () => void
  /** Called once, after the last result and the last message. */
  readonly onEnd: (end: ThreadEnd) => void
}

/**
 * A thread, and the line to it. Messages and the thread's end arrive through the event loop, and while this thread is
 * blocked by a wait of fosen, through its parker; so do results in the pool's memory in the latter case.
 */
export class ThreadLink implements Inbox {
  readonly #worker: Worker
  readonly #threadId: number
  readonly #port: MessagePort
  readonly #liveness = new Liveness()
  readonly #options: ThreadLinkOptions
  readonly #endCount: () => void
  readonly #exited = Promise.withResolvers<void>()
  #ended = false
  #terminated: Promise<void> | undefined
  /** Messages that have arrived. */
  #received = 0
  #error: unknown
  #exitCode: number | undefined

  constructor(options: ThreadLinkOptions) {
    this.#options = options
    const { name, resourceLimits, data } = options
    const { port1, port2 } = new MessageChannel()
    const parker = threadParker()
    const { counts, end } = countThread()
    this.#endCount = end
    const line: LineData = {
      port: port2,
      held: this.#liveness.held,
      caller: parker.word,
      counts,
      table: threadTable(),
      parent: threadId,
    }
    try {
      this.#worker = new Worker(new URL('./worker/bootstrap.js', import.meta.url), {
        name,
        resourceLimits,
        // Modules may read the arguments of the program when they are imported.
        argv: process.argv.slice(2),
        workerData: { ...data, ...line },
        transferList: [port2, this.#liveness.held],
      })
    } catch (error) {
      // The permission model may forbid it.
      end()
      port1.close()
      this.#liveness.close()
      throw error
    }
    this.#threadId = this.#worker.threadId
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

  /** What part of the thread's life so far its event loop was busy, from 0 to 1; 0 on Bun, which does not tell. */
  get utilization(): number {
    return 'bun' in process.versions ? 0 : this.#worker.performance.eventLoopUtilization().utilization
  }

  /** @throws DataCloneError when the message cannot be cloned */
  post(message: ToThread, transfer: readonly Transferable[]): void {
    this.#port.postMessage(message, transfer)
    this.#options.cells.rouse()
  }

  /** The process lives as long as the thread. */
  ref(): void {
    this.#worker.ref()
  }

  /** Ends the thread, whatever it does. Resolves when it is gone. */
  terminate(): Promise<void> {
    this.ref()
    this.#terminated ??= this.#worker.terminate().then(() => this.#exited.promise)
    return this.#terminated
  }

  /** Takes in the next result; false when there is none. */
  takeResult(): boolean {
    const slot = this.#options.cells.nextResult()
    if (slot >= 0) this.#options.onResult(slot)
    return slot >= 0
  }

  /** Whether something has arrived that was not taken in. */
  get hasMore(): boolean {
    const { cells } = this.#options
    return cells.hasResult || this.#received !== cells.messages
  }

  drain(): boolean {
    if (this.takeResult()) return true
    // To look into a port costs much more than to see that nothing was sent. Who dies before it counts is seen by check.
    return this.#received !== this.#options.cells.messages && this.#takeMessage()
  }

  drainAll(): void {
    while (this.takeResult());
    while (this.#takeMessage());
  }

  onSleep(): void {
    this.#options.onSleep()
  }

  check(): void {
    if (this.#liveness.isAlive()) return
    // What it sent before it died is there.
    this.drainAll()
    this.#end()
  }

  #takeMessage(): boolean {
    const next = this.#ended ? undefined : receiveMessageOnPort(this.#port)
    if (next) this.#receive(next.message)
    return next !== undefined
  }

  #receive(message: FromThread) {
    this.#received = (this.#received + 1) | 0
    if (message.type === 'uncaught') this.#error = decodeError(message.error)
    else if (message.type === 'exit') this.#exitCode = message.code
    else this.#options.onMessage(message)
  }

  #end() {
    if (this.#ended) return
    this.#ended = true
    threadParker().remove(this)
    this.#endCount()
    markDead(this.#threadId)
    this.#liveness.close()
    this.#port.close()
    this.#options.onEnd({ exitCode: this.#exitCode, error: this.#error })
  }
}
