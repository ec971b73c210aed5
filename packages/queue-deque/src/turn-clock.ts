import { setImmediate } from 'node:timers'
import { type Clock, systemClock } from '@fosen/queue'

/**
 * A clock that is asked for every message: the machine's is looked at once in a turn of the event loop, since that takes
 * longer than to put a message.
 */
export class TurnClock {
  readonly #clock: Clock
  #time: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    if (this.#clock !== systemClock) return this.#clock.now()
    if (this.#time === undefined) {
      this.#time = systemClock.now()
      setImmediate(this.#forget)
    }
    return this.#time
  }

  readonly #forget = () => {
    this.#time = undefined
  }
}
