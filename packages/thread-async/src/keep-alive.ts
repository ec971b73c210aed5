let holders = 0
let timer: NodeJS.Timeout | undefined

/** Keeps the process alive from `hold` to `release`, which may each be called again. */
export class KeepAlive {
  #holds = false

  hold(): void {
    if (this.#holds) return
    this.#holds = true
    timer ??= setInterval(() => {}, 2 ** 31 - 1)
    if (holders++ === 0) timer.ref()
  }

  release(): void {
    if (!this.#holds) return
    this.#holds = false
    if (--holders === 0) timer?.unref()
  }
}
