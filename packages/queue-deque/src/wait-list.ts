import { type Clock, TimeoutError, type WaitOptions } from '@fosen/queue'

/** One who waits, and what for. */
export interface Waiter<Want, Result> {
  readonly want: Want
  resolve(result: Result): void
  reject(reason: unknown): void
  /** Takes the wait off its signal and off the clock. */
  release(): void
}

/**
 * Those who wait for something, in the order they came, each with what it wants and a promise of what it gets.
 *
 * A wait ends once: it is resolved, rejected, aborted or timed out. In that same step it leaves the list, its signal's
 * listeners and the clock.
 */
export class WaitList<Want, Result> implements Iterable<Waiter<Want, Result>> {
  readonly #clock: Clock
  readonly #timeoutMessage: string
  readonly #onLeave: () => void
  readonly #line = new Set<Waiter<Want, Result>>()

  /** @param onLeave is called when a wait has been aborted or has timed out */
  constructor(clock: Clock, timeoutMessage: string, onLeave: () => void = () => {}) {
    this.#clock = clock
    this.#timeoutMessage = timeoutMessage
    this.#onLeave = onLeave
  }

  get isEmpty(): boolean {
    return this.#line.size === 0
  }

  /** Those who wait, the first of them first; who leaves meanwhile is passed over. */
  [Symbol.iterator](): IterableIterator<Waiter<Want, Result>> {
    return this.#line.values()
  }

  /** Waits at the end of the list. Whether the signal is aborted already, and whether the timeout is 0, is for the caller to look at. */
  wait(want: Want, { signal, timeout = Infinity }: WaitOptions): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const leave = (reason: unknown) => {
      this.#remove(waiter)
      reject(reason)
      this.#onLeave()
    }
    const onAbort = () => leave(signal?.reason)
    const onTimeout = () => leave(new TimeoutError(`${this.#timeoutMessage} within ${timeout} ms`))
    const timer = timeout < Infinity ? this.#clock.after(timeout, onTimeout) : undefined
    signal?.addEventListener('abort', onAbort)
    const release = () => {
      signal?.removeEventListener('abort', onAbort)
      timer?.[Symbol.dispose]()
    }
    const waiter = { want, resolve, reject, release }
    this.#line.add(waiter)
    return promise
  }

  /** Ends a wait. */
  resolve(waiter: Waiter<Want, Result>, result: Result): void {
    this.#remove(waiter)
    waiter.resolve(result)
  }

  /** Ends every wait, each with an error of its own. */
  rejectAll(error: () => Error): void {
    for (const waiter of this.#line) {
      this.#remove(waiter)
      waiter.reject(error())
    }
  }

  #remove(waiter: Waiter<Want, Result>) {
    this.#line.delete(waiter)
    waiter.release()
  }
}
