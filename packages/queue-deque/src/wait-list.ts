import { type Clock, TimeoutError, type WaitOptions } from '@fosen/queue'

/**
 * Those who wait for something, in the order they came, each with what it wants and a promise of what it gets.
 *
 * A wait ends once: it is resolved, rejected, aborted or timed out. In that same step it leaves the list, its signal's
 * listeners and the clock.
 */
export class WaitList<Want, Result> {
  readonly #clock: Clock
  readonly #timeoutMessage: string
  readonly #onLeave: (() => void) | undefined
  #first: Waiter<Want, Result> | undefined
  #last: Waiter<Want, Result> | undefined

  /** @param onLeave is called when a wait has been aborted or has timed out */
  constructor(clock: Clock, timeoutMessage: string, onLeave?: () => void) {
    this.#clock = clock
    this.#timeoutMessage = timeoutMessage
    this.#onLeave = onLeave
  }

  get isEmpty() {
    return this.#first === undefined
  }

  /** What the first of those who wait wants. */
  get first(): Want | undefined {
    return this.#first?.want
  }

  /** Waits at the end of the list. Whether the signal is aborted already, and whether the timeout is 0, is for the caller to look at. */
  wait(want: Want, { signal, timeout = Infinity }: WaitOptions): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const waiter = new Waiter<Want, Result>(want, resolve, reject, signal)
    waiter.previous = this.#last
    if (this.#last === undefined) this.#first = waiter
    else this.#last.next = waiter
    this.#last = waiter

    const leave = (reason: unknown) => {
      this.#remove(waiter)
      reject(reason)
      this.#onLeave?.()
    }
    if (signal !== undefined) {
      waiter.onAbort = () => leave(signal.reason)
      signal.addEventListener('abort', waiter.onAbort)
    }
    if (timeout < Infinity) {
      waiter.timer = this.#clock.after(timeout, () =>
        leave(new TimeoutError(`${this.#timeoutMessage} within ${timeout} ms`)),
      )
    }
    return promise
  }

  /** Ends the wait of the first. */
  resolveFirst(result: Result) {
    const waiter = this.#first
    if (waiter === undefined) return
    this.#remove(waiter)
    waiter.resolve(result)
  }

  /** Ends every wait, each with an error of its own. */
  rejectAll(error: () => Error) {
    for (let waiter = this.#first; waiter !== undefined; waiter = this.#first) {
      this.#remove(waiter)
      waiter.reject(error())
    }
  }

  #remove(waiter: Waiter<Want, Result>) {
    const { previous, next } = waiter
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    if (waiter.onAbort !== undefined) waiter.signal?.removeEventListener('abort', waiter.onAbort)
    waiter.timer?.[Symbol.dispose]()
  }
}

class Waiter<Want, Result> {
  readonly want: Want
  readonly resolve: (result: Result) => void
  readonly reject: (reason: unknown) => void
  readonly signal: AbortSignal | undefined
  onAbort: (() => void) | undefined
  timer: Disposable | undefined
  previous: Waiter<Want, Result> | undefined
  next: Waiter<Want, Result> | undefined

  constructor(
    want: Want,
    resolve: (result: Result) => void,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
  ) {
    this.want = want
    this.resolve = resolve
    this.reject = reject
    this.signal = signal
  }
}
