import type { PoolSettings } from './pool-options.ts'
import { PoolThread, type PoolThreadOptions } from './pool-thread.ts'
import type { SentCalls } from './sent-calls.ts'
import { isFull } from './thread-count.ts'

export type ThreadGroupEvents = Pick<PoolThreadOptions, 'onResult' | 'onMessage' | 'onSleep' | 'onBroken' | 'onEnd'>

/** The threads of a pool: they start when they are needed, and end when they have been idle for long. */
export class ThreadGroup {
  readonly #settings: PoolSettings
  readonly #sent: SentCalls
  readonly #events: ThreadGroupEvents
  readonly #threads = new Set<PoolThread>()
  #started = 0
  #sweep: NodeJS.Timeout | undefined
  #keptAlive = false
  #ended = false

  constructor(settings: PoolSettings, sent: SentCalls, events: ThreadGroupEvents) {
    this.#settings = settings
    this.#sent = sent
    this.#events = events
  }

  [Symbol.iterator](): IterableIterator<PoolThread> {
    return this.#threads.values()
  }

  get size(): number {
    return this.#threads.size
  }

  get isEmpty(): boolean {
    return this.#threads.size === 0
  }

  /** Whether there may be one more. In a thread there may not when the process has many: calls within calls would start more and more. */
  get mayGrow(): boolean {
    const { max, always, initializer } = this.#settings
    if (this.#ended || this.#threads.size >= max) return false
    // A pool with an initializer has to have a thread of its own.
    return always || !isFull() || (initializer !== undefined && this.isEmpty)
  }

  find(number: number): PoolThread | undefined {
    for (const thread of this.#threads) if (thread.number === number) return thread
    return undefined
  }

  /** Takes a place in the thread that has the fewest calls; undefined when none has one. */
  takePlace(): PoolThread | undefined {
    for (;;) {
      let freest: PoolThread | undefined
      for (const thread of this.#threads) {
        if (thread.hasPlace && !(freest && freest.cells.taken <= thread.cells.taken)) freest = thread
      }
      // It may have taken a call itself meanwhile.
      if (!freest || freest.cells.takePlace()) return freest
    }
  }

  /** Wakes as many threads as it takes for calls that wait to be seen soon. */
  wake(waiting: number): void {
    if (waiting === 0) return
    let unseen = waiting
    for (const { looksFor } of this.#threads) unseen -= looksFor
    this.wakeFor(unseen)
  }

  /** Wakes a thread for each call, although others may be likely to see to them. */
  wakeFor(calls: number): void {
    let left = calls
    for (const thread of this.#threads) if (left > 0 && thread.wake()) left--
  }

  /** Takes in the results that are there; false when there was none. */
  takeResults(): boolean {
    let any = false
    for (const thread of this.#threads) while (thread.takeResult()) any = true
    return any
  }

  get hasResult(): boolean {
    for (const thread of this.#threads) if (thread.cells.hasResult) return true
    return false
  }

  /** The process lives until the threads have ended, and those that start later. */
  keepAlive(): void {
    this.#keptAlive = true
    for (const thread of this.#threads) thread.keepAlive()
  }

  /** Ends the threads; no other one starts. */
  async terminate(): Promise<void> {
    this.#ended = true
    this.#stopSweep()
    await Promise.all(Array.from(this.#threads, thread => thread.terminate()))
  }

  /** A new thread, whatever the process has. */
  start(): PoolThread {
    const { min, idleTimeout, name } = this.#settings
    const number = ++this.#started
    const thread = new PoolThread({
      ...this.#settings,
      ...this.#events,
      sent: this.#sent,
      number,
      name: `${name}-${number}`,
      onEnd: (ended, end) => {
        this.#threads.delete(ended)
        if (this.#threads.size <= min) this.#stopSweep()
        this.#events.onEnd(ended, end)
      },
    })
    this.#threads.add(thread)
    if (this.#keptAlive) thread.keepAlive()
    if (this.#threads.size > min && idleTimeout !== Number.POSITIVE_INFINITY) {
      this.#sweep ??= setInterval(() => this.#retire(), Math.max(idleTimeout / 2, 1)).unref()
    }
    return thread
  }

  /** Ends threads that have been idle for long; the oldest stay. */
  #retire() {
    const { min, idleTimeout } = this.#settings
    for (const thread of [...this.#threads].slice(min)) thread.retire(idleTimeout)
  }

  #stopSweep() {
    clearInterval(this.#sweep)
    this.#sweep = undefined
  }
}
