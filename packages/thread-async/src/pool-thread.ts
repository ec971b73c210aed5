import type { ResourceLimits } from 'node:worker_threads'
import type { Call } from './call.ts'
import { WorkerCrashedError } from './errors.ts'
import type { Reference } from './portable.ts'
import { ThreadCells } from './ring/thread-cells.ts'
import type { SentCalls } from './sent-calls.ts'
import { type ThreadEnd, ThreadLink } from './thread-link.ts'
import { decodeError, encodeError } from './wire/error-codec.ts'
import type { FromThread } from './wire/messages.ts'
import { type PackedArguments, sendArguments } from './wire/wire-arguments.ts'

export interface PoolThreadEnd extends ThreadEnd {
  /** Whether it came to its end by itself before it could take a call. */
  readonly hasFailed: boolean
}

export interface PoolThreadOptions {
  readonly name: string
  /** Its number among the threads of the pool, from 1 on. */
  readonly number: number
  /** Calls at a time. */
  readonly concurrency: number
  readonly resourceLimits: ResourceLimits
  readonly initializer: Reference | undefined
  readonly sent: SentCalls
  /** The call in the slot has its result there. */
  readonly onResult: (slot: number) => void
  /** A call has ended, or given a value, in a message. */
  readonly onMessage: (message: FromThread, thread: PoolThread) => void
  /** This thread, which blocks, is about to sleep. */
  readonly onSleep: () => void
  /** The initializer has failed: the thread runs nothing. */
  readonly onBroken: (error: unknown) => void
  /** The thread is no more. */
  readonly onEnd: (thread: PoolThread, end: PoolThreadEnd) => void
}

/** One thread of a pool. It takes calls from the pool's memory by itself; others it is sent in messages. */
export class PoolThread {
  readonly name: string
  readonly number: number
  readonly cells: ThreadCells
  readonly #options: PoolThreadOptions
  readonly #link: ThreadLink
  #ended = false
  #isReady = false
  #wasUsed = true
  #idleSince = 0

  constructor(options: PoolThreadOptions) {
    const { name, number, resourceLimits, initializer, concurrency, sent } = options
    this.name = name
    this.number = number
    this.#options = options
    this.cells = new ThreadCells(sent.memory.slots, concurrency)
    this.#link = new ThreadLink({
      name,
      resourceLimits,
      data: {
        number,
        concurrency,
        initializer,
        memory: sent.memory.buffer,
        functions: sent.functions.buffer,
        cells: this.cells.buffer,
      },
      cells: this.cells,
      onResult: slot => {
        this.#wasUsed = true
        options.onResult(slot)
      },
      onMessage: message => this.#onMessage(message),
      onSleep: options.onSleep,
      onEnd: end => this.#onEnd(end),
    })
  }

  get utilization(): number {
    return this.#link.utilization
  }

  /** Wakes the thread if it sleeps and could take a call; true when it did. */
  wake(): boolean {
    if (this.#ended) return false
    if (this.cells.rouse()) return true
    if (!this.cells.takeWake()) return false
    this.#link.post({ type: 'wake' }, [])
    return true
  }

  /** How many calls it is likely to take at once, without being woken. */
  get looksFor(): number {
    return this.#ended ? 0 : this.cells.looksFor
  }

  /**
   * Sends over a call that a place was taken for.
   *
   * @throws DataCloneError when an argument cannot be cloned: then it has neither the call nor the place
   */
  send(call: Call, packed: PackedArguments): void {
    const { sent } = this.#options
    this.#wasUsed = true
    sent.assign(call, this.number)
    const { id, slot, reference } = call
    const number = sent.functions.numberOf(reference)
    call.isRead = true
    try {
      const fn = number < 0 ? reference : number
      sendArguments(packed, reference.name, ({ args, transfer }) => {
        this.#link.post({ type: 'call', id, slot, fn, args }, transfer)
      })
    } catch (error) {
      sent.release(call)
      this.cells.givePlace()
      this.#nudge()
      throw error
    } finally {
      call.isRead = false
    }
  }

  /** Lets the stream of the call send as many values more. */
  giveCredit({ id, slot }: Call, count: number): void {
    this.#link.post({ type: 'credit', id, slot, count }, [])
  }

  /** Tells the function that it is cancelled. */
  cancel({ id, slot }: Call, reason: unknown): void {
    this.#link.post({ type: 'cancel', id, slot, reason: encodeError(reason) }, [])
  }

  /**
   * Ends the thread, unless it has finished the call meanwhile; no other call is lost to that but those it runs. False when
   * the thread has one that it has finished, and is about to answer.
   */
  endUnlessDone(call: Call): boolean {
    const { sent, concurrency } = this.#options
    this.#link.drainAll()
    // From here on it takes no further call, and no code of anybody runs before it is known what becomes of it.
    this.cells.close()
    const isDone = call.slot < 0 || sent.memory.ring.isDone(call.slot)
    const isAnswering = this.#link.hasMore || sent.of(this.number).length > concurrency
    if (!isDone && !isAnswering) {
      void this.terminate()
      return true
    }
    this.cells.open()
    this.#nudge()
    return isDone
  }

  /** Ends the thread if it has been idle for so many milliseconds, counted from when this was first asked. */
  retire(idleTimeout: number): void {
    const now = performance.now()
    // One that starts has calls waiting for it, which it takes itself.
    if (!this.#isReady || this.#wasUsed || this.cells.taken > 0) {
      this.#wasUsed = false
      this.#idleSince = now
    } else if (now - this.#idleSince >= idleTimeout && this.cells.closeIfIdle()) {
      void this.terminate()
    }
  }

  /** The process lives until the thread has ended. */
  keepAlive(): void {
    this.#link.ref()
  }

  terminate(): Promise<void> {
    this.#ended = true
    return this.#link.terminate()
  }

  get hasPlace(): boolean {
    return !this.#ended && this.cells.hasPlace
  }

  /** Takes in all that has arrived. */
  drain(): void {
    this.#link.drainAll()
  }

  /** Takes in the next result; false when there is none. */
  takeResult(): boolean {
    return this.#link.takeResult()
  }

  /** It has a place that it does not know of. */
  #nudge() {
    this.#link.post({ type: 'wake' }, [])
  }

  #onMessage(message: FromThread) {
    if (message.type === 'ready') this.#isReady = true
    else if (message.type === 'broken') this.#options.onBroken(decodeError(message.error))
    else this.#options.onMessage(message, this)
  }

  #onEnd(end: ThreadEnd) {
    const hasFailed = !this.#isReady && !this.#ended
    this.#ended = true
    if (hasFailed && this.#options.initializer) {
      this.#options.onBroken(new WorkerCrashedError(`thread ${this.name} ended while it ran the initializer`))
    }
    this.#options.onEnd(this, { ...end, hasFailed })
  }
}
