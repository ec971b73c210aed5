import { percentile } from './percentile.ts'

export interface WindowFigures {
  /** How many ended within a second, on average. */
  readonly rate: number
  /** Of their durations, in milliseconds; undefined when none ended. */
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

/** What has ended within the last time. */
export class Window {
  readonly #length: number
  #entries: { readonly at: number; readonly duration: number }[] = []
  #first: number | undefined

  /** @param length in milliseconds */
  constructor(length: number) {
    this.#length = length
  }

  /** @param at when it ended, in milliseconds */
  add(at: number, duration: number): void {
    this.#first ??= at - duration
    this.#entries.push({ at, duration })
  }

  read(now: number): WindowFigures {
    const from = now - this.#length
    this.#entries = this.#entries.filter(({ at }) => at > from)
    const sorted = Float64Array.from(this.#entries, ({ duration }) => duration).sort()
    // A window that was not open for its whole length yet is as long as it was; a second at the least, for a steady rate.
    const open = Math.max(1000, Math.min(this.#length, now - (this.#first ?? now)))
    return {
      rate: (sorted.length / open) * 1000,
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
    }
  }
}
