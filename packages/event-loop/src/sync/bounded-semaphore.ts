import { Semaphore } from './semaphore.ts'

/**
 * A semaphore that refuses a `release` too many: there are never more permits than at the beginning.
 *
 * @example
 * ```ts
 * import { BoundedSemaphore } from '@fosen/event-loop'
 *
 * const semaphore = new BoundedSemaphore(2)
 * try {
 *   semaphore.release()
 * } catch (error) {
 *   console.log(String(error))
 * }
 * ```
 * ```text
 * RangeError: BoundedSemaphore released too many times
 * ```
 * @see https://docs.python.org/3/library/asyncio-sync.html#asyncio.BoundedSemaphore
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number

  /**
   * @param value how many permits there are
   * @throws RangeError when it is negative or no integer
   */
  constructor(value = 1) {
    super(value)
    this.#bound = value
  }

  /**
   * Gives a permit back: to the first who waits, if somebody does.
   *
   * @throws RangeError when all permits are there
   */
  override release(): void {
    if (this.value >= this.#bound) throw new RangeError('BoundedSemaphore released too many times')
    super.release()
  }
}
