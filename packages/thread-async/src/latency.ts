/** Not imported: threads, which import this package and record nothing, start sooner without it. */
const createHistogram = () => process.getBuiltinModule('node:perf_hooks').createHistogram()

/** How long calls took, in milliseconds. */
export interface Latency {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Records how long calls take. */
export class LatencyRecorder {
  readonly #histogram = createHistogram()

  /** @param milliseconds of one call */
  record(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1e6)))
  }

  /** Undefined before the first call is done. */
  read(): Latency | undefined {
    const histogram = this.#histogram
    if (histogram.count === 0) return undefined
    const read = (percent: number) => histogram.percentile(percent) / 1e6
    return { p50: read(50), p99: read(99), max: histogram.max / 1e6 }
  }
}
