import { abortable } from './abortable.ts'

/**
 * Lets in who waits for room, in the order of coming and one at a time: each has until the next turn of the event loop to
 * take the room, and the next one comes only if there is still some.
 */
export class Room {
  readonly #isFull: () => boolean
  readonly #waiting = new Set<() => void>()
  #letIn = false

  constructor(isFull: () => boolean) {
    this.#isFull = isFull
  }

  /** Waits for room; an abort rejects with the signal's reason, and leaves the place in the queue to the next. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (!this.#letIn && this.#waiting.size === 0 && !this.#isFull()) return this.#close()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    try {
      await abortable(promise, signal)
    } finally {
      this.#waiting.delete(resolve)
    }
  }

  /** There may be room. */
  signal(): void {
    const [first] = this.#waiting
    if (!first || this.#letIn || this.#isFull()) return
    this.#waiting.delete(first)
    this.#close()
    first()
  }

  #close() {
    this.#letIn = true
    setImmediate(() => {
      this.#letIn = false
      this.signal()
    })
  }
}
