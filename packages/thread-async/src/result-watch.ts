import { SpinBudget } from '@fosen/shared-memory'
import type { CallMemory } from './ring/call-memory.ts'

/** Milliseconds that this thread may take between two looks, and still be expected to look soon. */
const alertness = 0.2

export interface ResultSource {
  readonly memory: CallMemory
  /** Takes in the results that are there; false when there was none. */
  readonly takeResults: () => boolean
  readonly hasResult: () => boolean
  /** Whether a call is under way whose result may come. */
  readonly isExpecting: () => boolean
  /** This thread is about to sleep. */
  readonly onSleep: () => void
}

/**
 * Sees to it that a thread whose event loop runs hears of results: it looks for them once a turn as long as they are
 * likely to come at once, and then has a thread wake it by a message.
 *
 * Invariant: while a result is expected, either a look is due, or the caller counts as asleep, or a message that wakes it
 * is under way. And while a call waits for a thread that was likely to take it, a look is due, which ends in `onSleep`.
 */
export class ResultWatch {
  readonly #source: ResultSource
  readonly #spin = new SpinBudget()
  readonly #look = () => this.#onTurn()
  #isLooking = false
  #until = 0

  constructor(source: ResultSource) {
    this.#source = source
  }

  /** Whether it will see soon that nothing has come; not when this thread has been about something else for a while. */
  get isAlert(): boolean {
    return this.#isLooking && performance.now() < this.#until + alertness
  }

  /** A call is about to be sent. */
  expect(): void {
    if (this.#isLooking) return
    const budget = this.#spin.next()
    if (budget === 0) this.#source.memory.setAsleep(true)
    else this.#lookFor(budget)
  }

  /** A thread has said that there is a result, or one that was to say so is gone. */
  wake(): void {
    this.#source.takeResults()
    if (this.#isLooking || !this.#source.isExpecting()) return
    const budget = this.#spin.next()
    if (budget === 0) this.#sleep()
    else this.#lookFor(budget)
  }

  #lookFor(milliseconds: number) {
    this.#isLooking = true
    this.#until = performance.now() + milliseconds
    this.#source.memory.setAsleep(false)
    setImmediate(this.#look)
  }

  #onTurn() {
    const any = this.#source.takeResults()
    if (any) {
      this.#spin.hit()
      this.#until = performance.now() + this.#spin.next()
    } else if (!this.#source.isExpecting()) {
      this.#isLooking = false
      return
    } else if (performance.now() >= this.#until) {
      this.#spin.miss()
      this.#isLooking = false
      this.#sleep()
      return
    }
    // Once more also when nothing is expected: who got the last result may be about to make the next call.
    setImmediate(this.#look)
  }

  #sleep() {
    this.#source.onSleep()
    this.#source.memory.setAsleep(true)
    // One that came before is announced by nobody.
    if (this.#source.hasResult()) this.#lookFor(0)
  }
}
