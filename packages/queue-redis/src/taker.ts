import type { Delivery, GetOptions } from '@fosen/queue'
import type { Batch } from './batch.ts'
import { Pause } from './pause.ts'
import { isWithheld, type TakeCall } from './take-call.ts'
import { Waiters } from './waiters.ts'

/** How long a wait on the blocking connection lasts at most, in milliseconds. */
export const longestBlock = 2_000
/** How often a queue that gives nothing whatever is there is asked, in milliseconds: at first, and at last. */
const shortestPause = 250
const longestPause = 2_000

interface Want {
  readonly max: number
  readonly holdFor: number
}

/**
 * Takes messages for those who wait, in one loop that runs while somebody does. On an empty queue it waits on the blocking
 * connection. That wait may outlast those who wait: then what it took is given back.
 */
export class Taker<T> {
  readonly #call: TakeCall<T>
  readonly #waiters = new Waiters<Want, Delivery<T>[]>('no message came')
  readonly #pause = new Pause(shortestPause, longestPause)
  #loop: Promise<void> | undefined
  #blocking: Promise<void> | undefined
  #isClosed = false
  #isWoken = false
  /** Whether Redis has just refused to wait: out of memory, it still takes. */
  #isRefused = false

  constructor(call: TakeCall<T>) {
    this.#call = call
  }

  take(max: number, options: GetOptions): Promise<Delivery<T>[]> {
    const deliveries = this.#waiters.wait({ max, holdFor: options.holdFor ?? Infinity }, options)
    if (this.#loop === undefined) this.#loop = this.#run()
    else this.wake()
    return deliveries
  }

  /** Asks again, since there may be something. */
  wake(): void {
    this.#isWoken = true
    this.#pause.reset()
    this.#pause.wake()
  }

  /** Ends every wait with the error; resolves when what was under way has been given back. */
  async close(error: Error): Promise<void> {
    this.#isClosed = true
    this.#waiters.rejectAll(error)
    this.wake()
    await this.#loop
    if (this.#blocking !== undefined) await Promise.all([this.#call.unblock().catch(() => {}), this.#blocking])
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      try {
        this.#isWoken = false
        const question = this.#waiters.ask()
        const taken = await this.#call.take(this.#wanted())
        if (typeof taken !== 'number') {
          this.#handOut(taken)
          continue
        }
        question.thereIsNothing()
        if (this.#waiters.isEmpty || this.#isWoken) continue
        await this.#rest(taken)
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
    }
    this.#loop = undefined
  }

  /** @param wait why there is nothing */
  async #rest(wait: number) {
    // Were a paused queue waited at, what is put would be moved on, one by one.
    if (isWithheld(wait) || this.#isRefused) {
      this.#isRefused = false
      await this.#pause.wait()
    } else {
      this.#block(wait)
      await this.#pause.waitFor(longestBlock)
    }
  }

  #wanted(): number {
    let wanted = 0
    for (const { max } of this.#waiters.wants()) wanted += max
    return Math.max(1, wanted)
  }

  #handOut(batch: Batch<T>) {
    this.#pause.reset()
    const { deliveries } = batch
    let index = 0
    let longest = 0
    for (const { max, holdFor } of this.#waiters.wants()) {
      const part = deliveries.slice(index, index + max)
      if (part.length === 0) break
      index += part.length
      longest = Math.max(longest, holdFor)
      this.#waiters.resolveFirst(part)
    }
    this.#call.limit(batch, longest)
    if (index < deliveries.length) batch.giveBack(deliveries.slice(index))
  }

  #block(wait: number) {
    this.#blocking ??= this.#wait(wait).finally(() => {
      this.#blocking = undefined
      this.#isWoken = true
      this.#pause.wake()
    })
  }

  async #wait(wait: number) {
    try {
      const ms = wait < 0 ? longestBlock : Math.min(Math.max(1, wait), longestBlock)
      const { taken, refusal } = await this.#call.wait(this.#wanted(), ms)
      if (typeof taken !== 'number') this.#handOut(taken)
      if (refusal === undefined || this.#isClosed) return
      if (!refusal.message.startsWith('OOM ')) throw refusal
      this.#isRefused = true
    } catch (error) {
      this.#waiters.rejectAll(error as Error)
    }
  }
}
