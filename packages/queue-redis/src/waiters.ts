import { systemClock, TimeoutError, type WaitOptions } from '@fosen/queue'

interface Waiter<Want, Result> {
  readonly want: Want
  resolve(result: Result): void
  reject(reason: unknown): void
  /** Takes the wait off its signal and off the clock. */
  release(): void
  /** The number of the question asked last when the wait began. */
  readonly since: number
  wasAskedFor: boolean
  /** Ends a wait whose time is over; there once it is. */
  expire: (() => void) | undefined
}

/** A question that was asked for those who waited at that moment. */
export interface Question<Result> {
  /** The answer is that there is nothing: those whose time is over time out. */
  thereIsNothing(): void
  /** The answer is this, for each of them. */
  resolve(result: Result): void
}

/** How long a timeout of 0 waits for the answer to the first question, in milliseconds. */
const patience = 1_000

/**
 * Those who wait for something that is asked for again and again, in the order they came.
 *
 * A wait ends once: resolved, rejected, aborted or timed out; in that same step it leaves the line, its signal and the
 * clock. A timeout of 0 does not end it before one question that was asked for it has its answer, so that it gets what is
 * there.
 */
export class Waiters<Want, Result> {
  readonly #line = new Set<Waiter<Want, Result>>()
  readonly #timeoutMessage: string
  #questions = 0

  constructor(timeoutMessage: string) {
    this.#timeoutMessage = timeoutMessage
  }

  get isEmpty() {
    return this.#line.size === 0
  }

  /** What those who wait want, the first of them first. */
  *wants(): Iterable<Want> {
    for (const { want } of this.#line) yield want
  }

  /** @throws the reason of a signal that is aborted */
  wait(want: Want, { signal, timeout = Infinity }: WaitOptions): Promise<Result> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    let timer: Disposable | undefined
    const onAbort = () => this.#leave(waiter)?.reject(signal?.reason)
    const waiter: Waiter<Want, Result> = {
      want,
      resolve,
      reject,
      release() {
        signal?.removeEventListener('abort', onAbort)
        timer?.[Symbol.dispose]()
      },
      since: this.#questions,
      wasAskedFor: false,
      expire: undefined,
    }
    this.#line.add(waiter)
    signal?.addEventListener('abort', onAbort)
    if (timeout < Infinity) {
      const timeOut = () => {
        this.#leave(waiter)?.reject(new TimeoutError(`${this.#timeoutMessage} within ${timeout} ms`))
      }
      timer = systemClock.after(timeout, () => {
        if (timeout > 0 || waiter.wasAskedFor) return timeOut()
        waiter.expire = timeOut
        timer = systemClock.after(patience, timeOut)
      })
    }
    return promise
  }

  /** To be called when the question is asked; what it gives is for those who wait at that moment, when there is an answer. */
  ask(): Question<Result> {
    const question = ++this.#questions
    const asked = () => Iterator.from(this.#line).filter(({ since }) => since < question)
    return {
      thereIsNothing() {
        for (const waiter of asked()) {
          waiter.wasAskedFor = true
          waiter.expire?.()
        }
      },
      resolve: result => {
        for (const waiter of asked()) this.#leave(waiter)?.resolve(result)
      },
    }
  }

  resolveFirst(result: Result) {
    const [first] = this.#line
    if (first !== undefined) this.#leave(first)?.resolve(result)
  }

  /** False when nobody waits for it any longer. */
  resolve(want: Want, result: Result): boolean {
    for (const waiter of this.#line) {
      if (waiter.want !== want) continue
      this.#leave(waiter)?.resolve(result)
      return true
    }
    return false
  }

  rejectAll(error: Error) {
    for (const waiter of this.#line) this.#leave(waiter)?.reject(error)
  }

  #leave(waiter: Waiter<Want, Result>) {
    if (!this.#line.delete(waiter)) return undefined
    waiter.release()
    return waiter
  }
}
