import { availableParallelism } from 'node:os'

/** Milliseconds that a wait looks again and again at the most: about what it costs to sleep and to be woken. */
const longest = 0.05
/**
 * Waits in vain, one after the other, until no time is spent on them. So many that the operating system sees two threads
 * that want the same processor, and gives one of them another if there is one: it looks every few milliseconds.
 */
const patience = 100
/** Waits that then sleep at once before others try again; twice as many after each try in vain, up to the second. */
const [firstPause, lastPause] = [1024, 16_384]

/** Spinning never pays when the thread that is waited for needs this processor. */
const isWorthIt = availableParallelism() > 1 && process.env.FOSEN_SPIN !== '0'

const pause = (Atomics as { pause?: () => void }).pause ?? (() => {})

/**
 * How long a wait should look again and again, before it sleeps, for what another thread is about to give.
 *
 * To sleep and be woken costs many times what a small call takes; to look in vain costs the time of whoever shares the
 * processor, and that may be the thread that is waited for. So after four waits in vain no time is spent on looking, but
 * for a try now and then, until one has been worth it. With one processor, and with `FOSEN_SPIN=0` in the environment,
 * there never is.
 */
export class SpinBudget {
  readonly #isEnabled: boolean
  #misses = 0
  #waits = 0
  #pause = firstPause

  /** @param isEnabled whether time may be spent on looking at all */
  constructor(isEnabled = isWorthIt) {
    this.#isEnabled = isEnabled
  }

  /** Milliseconds to spend on the wait that begins; 0 to sleep at once. Say what came of it by `hit` or `miss`. */
  next(): number {
    if (!this.#isEnabled) return 0
    if (this.#misses < patience) return longest
    if (++this.#waits < this.#pause) return 0
    this.#waits = 0
    this.#misses = 0
    this.#pause = Math.min(2 * this.#pause, lastPause)
    return longest
  }

  /** It was there before the time was over. */
  hit(): void {
    this.#misses = 0
    this.#pause = firstPause
  }

  /** The time was over. */
  miss(): void {
    this.#misses++
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
