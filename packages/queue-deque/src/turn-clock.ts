import { setImmediate } from 'node:timers'
import { type Clock, systemClock } from '@fosen/queue'

/** A time of the clock; what happens in one turn of the event loop shares one. */
export interface Moment {
  readonly time: number
}

/**
 * A clock that is asked for every message: the machine's is looked at once in a turn of the event loop, since that takes
 * longer than to put a message.
 */
export class TurnClock {
  readonly #clock: Clock
  #moment: Moment | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): Moment {
    if (this.#moment !== undefined) return this.#moment
    const moment = { time: this.#clock.now() }
    if (this.#clock === systemClock) {
      this.#moment = moment
      setImmediate(this.#forget)
    }
    return moment
  }

  readonly #forget = () => {
    this.#moment = undefined
  }
}
