import { availableParallelism } from 'node:os'

/** Milliseconds that a wait looks: about what it costs to sleep and to be woken. */
const usual = 0.05
/** Waits in vain, one after the other, until no time is spent on them. */
const patience = 4
/** Waits that then sleep at once before one of them looks again; twice as many each time that was in vain, up to the second. */
const [firstPause, lastPause] = [32, 256]

/**
 * Two threads that wake each other may have come to share a processor, where neither finds anything by looking. The system
 * gives one of them another when it has seen both of them run for some milliseconds: so now and then a few waits look for
 * longer.
 */
const [long, longWaits] = [1, 20]
/** Milliseconds within which waits must follow each other for that: it is for many calls, and would hold up a single one. */
const closely = 0.2
/** Milliseconds between such tries; twice as many each time that was in vain, up to the second. */
const [firstInterval, lastInterval] = [50, 2000]

/** Spinning never pays when the thread that is waited for needs this processor. */
export const isWorthIt = availableParallelism() > 1 && process.env.FOSEN_SPIN !== '0'

/** Tells the processor that a loop only looks again. */
export const pause = (Atomics as { pause?: () => void }).pause ?? (() => {})

/**
 * How long a wait should look again and again, before it sleeps, for what another thread is about to give.
 *
 * To sleep and be woken costs many times what a small call takes; to look in vain costs the time of whoever shares the
 * processor, and that may be the thread that is waited for. So after a few waits in vain no time is spent on looking, but
 * for a try now and then, until one has been worth it. With one processor, and with `FOSEN_SPIN=0` in the environment,
 * there never is.
 */
export class SpinBudget {
  /** Whether it ever gives any time. */
  readonly isEnabled: boolean
  readonly #now: () => number
  #misses = 0
  #waits = 0
  #pause = firstPause
  #longLeft = 0
  #lastWait = Number.NEGATIVE_INFINITY
  #lastLong = Number.NEGATIVE_INFINITY
  #interval = firstInterval

  /**
   * @param isEnabled whether time may be spent on looking at all
   * @param now a clock, in milliseconds
   */
  constructor(isEnabled = isWorthIt, now = () => performance.now()) {
    this.isEnabled = isEnabled
    this.#now = now
  }

  /** Milliseconds to spend on the wait that begins; 0 to sleep at once. Say what came of it by `hit` or `miss`. */
  next(): number {
    if (!this.isEnabled) return 0
    if (this.#misses < patience) return usual
    if (this.#longLeft > 0 || this.#startLong()) {
      this.#longLeft--
      return long
    }
    if (++this.#waits < this.#pause) return 0
    this.#waits = 0
    return usual
  }

  #startLong(): boolean {
    const now = this.#now()
    const isBusy = now - this.#lastWait < closely
    this.#lastWait = now
    if (!isBusy || now - this.#lastLong < this.#interval) return false
    this.#lastLong = now
    this.#longLeft = longWaits
    this.#interval = Math.min(2 * this.#interval, lastInterval)
    return true
  }

  /** It was there before the time was over. */
  hit(): void {
    // What comes of a try is seen by the waits after it.
    if (this.#misses === 0) this.#interval = firstInterval
    this.#misses = 0
    this.#pause = firstPause
  }

  /** The time was over. */
  miss(): void {
    if (++this.#misses > patience) this.#pause = Math.min(2 * this.#pause, lastPause)
  }

  /** Looks for it as long as the budget says; true when it is there. */
  spin(isThere: () => boolean): boolean {
    const budget = this.next()
    if (budget === 0) return isThere()
    const end = this.#now() + budget
    while (!isThere()) {
      if (this.#now() >= end) {
        this.miss()
        return false
      }
      pause()
    }
    this.hit()
    return true
  }
}
