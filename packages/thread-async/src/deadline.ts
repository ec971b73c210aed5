import { type Inbox, threadParker } from '@fosen/shared-memory'

/** The longest time that a timer takes. */
const longest = 2 ** 31 - 1

/** Calls back once when the time is over: also while this thread is blocked by a wait of fosen and no timer of its runs. */
export class Deadline implements Inbox {
  readonly #end: number
  readonly #callback: () => void
  #timer: NodeJS.Timeout | undefined

  /** @param milliseconds Infinity for never */
  constructor(milliseconds: number, callback: () => void) {
    this.#end = performance.now() + milliseconds
    this.#callback = callback
    if (milliseconds === Number.POSITIVE_INFINITY) return
    this.#setTimer()
    threadParker().add(this)
  }

  clear(): void {
    clearTimeout(this.#timer)
    threadParker().remove(this)
  }

  drain(): boolean {
    return false
  }

  check(): void {
    if (performance.now() < this.#end) return
    this.clear()
    this.#callback()
  }

  #setTimer() {
    // It may be over by then: this thread does not always have a processor.
    const left = Math.max(0, Math.ceil(this.#end - performance.now()))
    // What keeps the process alive is the call.
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(left, longest)).unref()
  }

  #onTimer() {
    if (performance.now() < this.#end) this.#setTimer()
    else this.check()
  }
}
