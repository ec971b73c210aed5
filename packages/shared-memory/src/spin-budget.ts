import { availableParallelism } from 'node:os'

/**
 * Milliseconds, all waits in vain together, until no time is spent on them. Two threads that wake each other may have come
 * to share a processor, where neither finds anything by looking; the system gives one of them another only when it has
 * seen both of them run for a while.
 */
const patience = 10
/** Waits that then sleep at once before others try again; twice as many each time that was in vain, up to the second. */
const [firstPause, lastPause] = [64, 16_384]

/** Spinning never pays when the thread that is waited for needs this processor. */
const isWorthIt = availableParallelism() > 1 && process.env.FOSEN_SPIN !== '0'

const pause = (Atomics as { pause?: () => void }).pause ?? (() => {})

/**
 * How long a wait should look again and again, before it sleeps, for what another thread is about to give.
 *
 * To sleep and be woken costs many times what a small call takes; to look in vain costs the time of whoever shares the
 * processor, and that may be the thread that is waited for. So once some milliseconds were in vain, no time is spent on
 * looking, but for a try now and then, until one has been worth it. With one processor, and with `FOSEN_SPIN=0` in the
 * environment, there never is.
 */
export class SpinBudget {
  readonly #longest: number
  readonly #isEnabled: boolean
  /** Milliseconds in vain, since looking was worth it. */
  #vain = 0
  #waits = 0
  #pause = firstPause

  /**
   * @param longest milliseconds for a wait
   * @param isEnabled whether time may be spent on looking at all
   */
  constructor(longest: number, isEnabled = isWorthIt) {
    this.#longest = longest
    this.#isEnabled = isEnabled
  }

  /** Milliseconds to spend on the wait that begins; 0 to sleep at once. Say what came of it by `hit` or `miss`. */
  next(): number {
    if (!this.#isEnabled) return 0
    if (this.#vain < patience) return this.#longest
    if (++this.#waits < this.#pause) return 0
    this.#waits = 0
    this.#vain = 0
    this.#pause = Math.min(2 * this.#pause, lastPause)
    return this.#longest
  }

  /** It was there before the time was over. */
  hit(): void {
    this.#vain = 0
    this.#pause = firstPause
  }

  /** The time was over. */
  miss(): void {
    this.#vain += this.#longest
  }

  /** Looks for it as long as the budget says; true when it is there. */
  spin(isThere: () => boolean): boolean {
    const budget = this.next()
    if (budget === 0) return isThere()
    const end = performance.now() + budget
    while (!isThere()) {
      if (performance.now() >= end) {
        this.miss()
        return false
      }
      pause()
    }
    this.hit()
    return true
  }
}
