import type { PoolSettings } from './pool-options.ts'
import { PoolThread } from './pool-thread.ts'
import { isFull } from './thread-count.ts'

export interface ThreadGroupEvents {
  /** A thread has room for another call, or one is gone. */
  readonly onRoom: () => void
  /** The initializer has failed in a thread. */
  readonly onBroken: (error: unknown) => void
}

/** The threads of a pool: they start when they are needed, and end when they have been idle for long. */
export class ThreadGroup {
  readonly #settings: PoolSettings
  readonly #events: ThreadGroupEvents
  readonly #threads = new Set<PoolThread>()
  #started = 0
  #sweep: NodeJS.Timeout | undefined
  #keptAlive = false

  constructor(settings: PoolSettings, events: ThreadGroupEvents) {
    this.#settings = settings
    this.#events = events
  }

  [Symbol.iterator](): IterableIterator<PoolThread> {
    return this.#threads.values()
  }

  /** Whether calls within calls have filled the process; a pool with an initializer has to have a thread of its own. */
  #mayNotGrow(): boolean {
    const { always, initializer } = this.#settings
    return isFull() && !always && !(initializer && this.isEmpty)
  }

  get isEmpty(): boolean {
    return this.#threads.size === 0
  }

  /** Calls that threads are running. */
  get running(): number {
    let running = 0
    for (const thread of this.#threads) running += thread.running
    return running
  }

  /**
   * An idle thread, or else a new one, or else the one that runs the fewest calls; undefined when none has room. In a
   * thread there is no new one when the process has many: calls within calls would start more and more.
   */
  freest(): PoolThread | undefined {
    let freest: PoolThread | undefined
    for (const thread of this.#threads) {
      if (thread.hasRoom && !(freest && freest.running <= thread.running)) freest = thread
    }
    if (freest?.running === 0 || this.#threads.size >= this.#settings.max || this.#mayNotGrow()) return freest
    return this.start()
  }

  /** The process lives until the threads have ended, and those that start later. */
  keepAlive(): void {
    this.#keptAlive = true
    for (const thread of this.#threads) thread.keepAlive()
  }

  async terminate(): Promise<void> {
    this.#stopSweep()
    await Promise.all(Array.from(this.#threads, thread => thread.terminate()))
  }

  /** A new thread, whatever the process has. */
  start(): PoolThread {
    const { min, idleTimeout, name } = this.#settings
    const thread = new PoolThread({
      ...this.#settings,
      ...this.#events,
      name: `${name}-${++this.#started}`,
      onEnd: ended => {
        this.#threads.delete(ended)
        if (this.#threads.size <= min) this.#stopSweep()
        this.#events.onRoom()
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
    const idleSince = performance.now() - idleTimeout
    for (const thread of [...this.#threads].slice(min)) {
      if (thread.running === 0 && thread.lastUsed <= idleSince) void thread.terminate()
    }
  }

  #stopSweep() {
    clearInterval(this.#sweep)
    this.#sweep = undefined
  }
}
