/** What a model checks does not hold in one of its interleavings; the `cause` is what the check or the program threw. */
export class InterleavingError extends Error {
  override readonly name = 'InterleavingError'
  /** What happened, in order: one line a step. */
  readonly steps: readonly string[]

  constructor(what: string, steps: readonly string[], threads: readonly string[], options?: ErrorOptions) {
    const list = steps.map((step, i) => `${String(i + 1).padStart(5)}  ${step}`)
    super([what, 'after', ...list, 'where', ...threads.map(thread => `       ${thread}`)].join('\n'), options)
    this.steps = steps
  }
}
