import { availableParallelism } from 'node:os'

/** Milliseconds that a wait looks again and again at the most: about what it costs to sleep and to be woken. */
const most = 0.05
/** What it begins with, and what a try is given once waits were in vain. */
const least = 0.005
/** Waits in vain, one after the other, until no time is spent on them. */
const patience = 4
/** Waits that sleep at once before one of them tries again; twice as many after each try in vain, up to the second. */
const [firstPause, lastPause] = [32, 256]

/** Atomics.pause lets the other thread of a processor's core run meanwhile; Node 22 has none. */
/** Spinning never pays when the thread that is waited for needs this processor. */
const enabled = availableParallelism() > 1 && process.env.FOSEN_SPIN !== '0'

const pause = (Atomics as { pause?: () => void }).pause ?? (() => {})

/**
 * How long a wait should look again and again, before it sleeps, for what another thread is about to give.
 *
 * To sleep and be woken costs many times what a small call takes; to look in vain costs the time of whoever shares the
 * processor, and that may be the thread that is waited for. So the time follows what came of it: it doubles when looking
 * was worth it, and after four waits in vain there is none, but for a try now and then. With one processor, and with
 * `FOSEN_SPIN=0` in the environment, there never is.
 */
export class SpinBudget {
  #budget = enabled ? least * 2 : 0
  #misses = 0
  #asleep = 0
  #pause = firstPause

  /** Milliseconds to spend on the wait that begins; 0 to sleep at once. Say what came of it by `hit` or `miss`. */
  next(): number {
    if (this.#budget > 0 || !enabled) return this.#budget
    if (++this.#asleep < this.#pause) return 0
    this.#asleep = 0
    return least
  }

  /** It was there before the time was over. */
  hit(): void {
    this.#misses = 0
    this.#pause = firstPause
    if (enabled) this.#budget = Math.min(most, Math.max(2 * this.#budget, least))
  }

  /** The time was over. */
  miss(): void {
    if (this.#budget === 0) this.#pause = Math.min(2 * this.#pause, lastPause)
    else if (++this.#misses >= patience) this.#budget = 0
  }

  /** Looks for it as long as the budget says; true when it is there. */
  spin(isThere: () => boolean): boolean {
    const budget = this.next()
    if (budget === 0) return isThere()
    const end = performance.now() + budget
    do {
      if (isThere()) {
        this.hit()
        return true
      }
      pause()
    } while (performance.now() < end)
    this.miss()
    return false
  }
}
