import type { JobEvent } from '../job.ts'

/** How long events are kept to be told together, in milliseconds. */
const interval = 50

/** Tells those who listen of events, some at a time. */
export class EventHub implements Disposable {
  readonly #listeners = new Set<(events: readonly JobEvent[]) => void>()
  #events: JobEvent[] = []
  #timer: NodeJS.Timeout | undefined

  tell(...events: readonly JobEvent[]): void {
    if (this.#listeners.size === 0) return
    for (const event of events) this.#events.push(event)
    this.#timer ??= setTimeout(() => this.#flush(), interval)
  }

  watch(listener: (events: readonly JobEvent[]) => void): Disposable {
    // One that listens twice is told twice.
    const own = (events: readonly JobEvent[]) => listener(events)
    this.#listeners.add(own)
    return { [Symbol.dispose]: () => this.#listeners.delete(own) }
  }

  [Symbol.dispose]() {
    this.#flush()
    this.#listeners.clear()
  }

  #flush() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#events.splice(0)
    if (events.length > 0) for (const listener of this.#listeners) listener(events)
  }
}
