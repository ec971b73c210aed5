import type { Priority } from '@fosen/queue'
import { idOf } from './envelope.ts'

/** How messages are put. Those of several puts go together when it is the same. */
export interface PutManner {
  readonly delay: number
  readonly priority: Priority
  /** How many replicas have to have it. */
  readonly replicas: number
  /** Goes alone, and is one message. */
  readonly dedup: { readonly key: string; readonly window: number } | undefined
}

/** A put that is in the line of its producer until it is over: resolved or rejected. */
export class PendingPut {
  readonly envelopes: readonly Buffer[]
  readonly manner: PutManner
  /** How many of the envelopes are put. */
  done = 0
  /** Whether some of them are on their way: they may be put, the answer says. */
  isSent = false
  isOver = false
  /** Those of the messages, or that of the earlier one of which it is a duplicate. */
  get ids(): Promise<string[]> {
    return this.#ids.promise
  }
  /** The id of an earlier message whose window is open. */
  duplicateOf: string | undefined
  readonly #signal: AbortSignal | undefined
  readonly #ids = Promise.withResolvers<string[]>()

  constructor(envelopes: readonly Buffer[], manner: PutManner, signal: AbortSignal | undefined) {
    this.envelopes = envelopes
    this.manner = manner
    this.#signal = signal
    signal?.addEventListener('abort', this)
  }

  resolve(): void {
    this.#end()
    this.#ids.resolve(this.duplicateOf === undefined ? this.envelopes.map(idOf) : [this.duplicateOf])
  }

  reject(reason: unknown): void {
    this.#end()
    this.#ids.reject(reason)
  }

  /** Its signal was aborted. */
  handleEvent(): void {
    this.endIfAborted()
  }

  /** What is on its way is not ended. */
  endIfAborted(): void {
    if (this.#signal?.aborted && !this.isSent) this.reject(this.#signal.reason)
  }

  #end() {
    this.isOver = true
    this.#signal?.removeEventListener('abort', this)
  }
}
