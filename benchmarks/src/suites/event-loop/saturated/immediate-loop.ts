/** The loop that leaves most to Node's: one batch of what is ready for each `setImmediate`. */
export class ImmediateLoop {
  #ready: Iterator<unknown>[]

  constructor(coroutines: Iterator<unknown>[]) {
    this.#ready = coroutines
  }

  /** Resolves when all have come to their end. */
  run(): Promise<void> {
    return new Promise(resolve => {
      const tick = () => {
        const batch = this.#ready
        this.#ready = []
        for (const coroutine of batch) if (!coroutine.next().done) this.#ready.push(coroutine)
        if (this.#ready.length > 0) setImmediate(tick)
        else resolve()
      }
      setImmediate(tick)
    })
  }
}
