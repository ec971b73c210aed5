import { checkDuration } from '../check.ts'
import type { Clock } from '../clock.ts'

interface Timer {
  readonly due: number
  readonly fn: () => void
}

/**
 * A clock that stands still until it is told to go on.
 *
 * @example
 * ```ts
 * import { ManualClock } from '@fosen/queue/testing'
 *
 * const clock = new ManualClock()
 * clock.after(20, () => console.log('second, at', clock.now()))
 * clock.after(10, () => console.log('first, at', clock.now()))
 * clock.advance(100)
 * ```
 * ```text
 * first, at 10
 * second, at 20
 * ```
 */
export class ManualClock implements Clock {
  #now = 0
  #timers: Timer[] = []

  now() {
    return this.#now
  }

  after(ms: number, fn: () => void): Disposable {
    checkDuration('ms', ms, Infinity)
    const timer = { due: this.#now + ms, fn }
    const later = this.#timers.findIndex(({ due }) => due > timer.due)
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer)
    return {
      [Symbol.dispose]: () => {
        this.#timers = this.#timers.filter(other => other !== timer)
      },
    }
  }

  /** How many calls are still to come: 0 when nothing was left behind. */
  get pending() {
    return this.#timers.length
  }

  /**
   * Lets `ms` milliseconds pass: calls what falls due, each at its time, in the order of the times, and of `after` for
   * equal ones; also what those calls ask for. Promises that they settle are reacted to after `advance`.
   *
   * @throws TypeError, RangeError when `ms` is no time
   */
  advance(ms: number) {
    checkDuration('ms', ms)
    const end = this.#now + ms
    for (let next = this.#timers[0]; next !== undefined && next.due <= end; next = this.#timers[0]) {
      this.#timers.shift()
      this.#now = next.due
      next.fn()
    }
    this.#now = end
  }
}
