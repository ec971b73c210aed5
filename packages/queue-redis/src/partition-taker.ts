import { randomBytes } from 'node:crypto'
import type { Delivery, GetOptions } from '@fosen/queue'
import type { Partition } from './partition.ts'
import { Pause } from './pause.ts'
import { isPaused } from './take-call.ts'
import { Waiters } from './waiters.ts'

/** How often the partitions are asked while there is nothing in them, in milliseconds: at first, and at last. */
const shortestPause = 2
const longestPause = 100
/** The same while they are paused: a `resume` elsewhere is to be seen within 2 s. */
const shortestWhilePaused = 250
const longestWhilePaused = 2_000

interface Want {
  readonly max: number
  readonly owner: string
  readonly holdFor: number
}

/**
 * Takes messages from partitions in turn. One that has messages in flight is its owner's alone, as Redis knows: there is
 * nothing to wait at that would say when it is free, so they are asked again and again.
 */
export class PartitionTaker<T> {
  readonly #partitions: readonly Partition<T>[]
  readonly #waiters = new Waiters<Want, Delivery<T>[]>('no message came')
  readonly #pause = new Pause(shortestPause, longestPause)
  readonly #whilePaused = new Pause(shortestWhilePaused, longestWhilePaused)
  readonly #owners = new WeakMap<object, string>()
  /** The partition that is asked next. */
  #turn = 0
  #loop: Promise<void> | undefined
  #isWoken = false

  constructor(partitions: readonly Partition<T>[]) {
    this.#partitions = partitions
  }

  take(max: number, options: GetOptions): Promise<Delivery<T>[]> {
    const { owner, holdFor = Infinity } = options
    const deliveries = this.#waiters.wait({ max, owner: this.#nameOf(owner), holdFor }, options)
    if (this.#loop === undefined) this.#loop = this.#run()
    else this.wake()
    return deliveries
  }

  /** Asks again, since there may be something. */
  wake(): void {
    this.#isWoken = true
    for (const pause of [this.#pause, this.#whilePaused]) {
      pause.reset()
      pause.wake()
    }
  }

  /** Ends every wait with the error; resolves when what was under way has been given back. */
  async close(error: Error): Promise<void> {
    this.#waiters.rejectAll(error)
    this.wake()
    await this.#loop
  }

  async #run() {
    while (!this.#waiters.isEmpty) {
      this.#isWoken = false
      const question = this.#waiters.ask()
      let arePaused = true
      try {
        for (const want of [...this.#waiters.wants()]) arePaused = await this.#serve(want)
      } catch (error) {
        this.#waiters.rejectAll(error as Error)
      }
      question.thereIsNothing()
      if (this.#waiters.isEmpty || this.#isWoken) continue
      if (!arePaused) this.#whilePaused.reset()
      await (arePaused ? this.#whilePaused : this.#pause).wait()
    }
    this.#loop = undefined
  }

  /** Says whether all partitions are paused. */
  async #serve(want: Want): Promise<boolean> {
    const count = this.#partitions.length
    let arePaused = true
    for (let asked = 0; asked < count; asked++) {
      const { take } = this.#partitions[this.#turn] as Partition<T>
      this.#turn = (this.#turn + 1) % count
      const taken = await take.take(want.max, want.owner)
      arePaused &&= typeof taken === 'number' && isPaused(taken)
      if (typeof taken === 'number' || taken.deliveries.length === 0) continue
      this.#pause.reset()
      const { deliveries } = taken
      take.limit(taken, want.holdFor)
      if (!this.#waiters.resolve(want, deliveries)) taken.giveBack(deliveries)
      break
    }
    return arePaused
  }

  /** What Redis knows an owner by. */
  #nameOf(owner: object = {}): string {
    const name = this.#owners.get(owner) ?? randomBytes(9).toString('base64url')
    this.#owners.set(owner, name)
    return name
  }
}
