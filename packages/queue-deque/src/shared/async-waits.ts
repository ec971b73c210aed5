import { systemClock, type WaitOptions } from '@fosen/queue'
import { TimeoutError } from '@fosen/shared-memory'
import type { DequeMemory } from './deque-memory.ts'
import { Place, type Side } from './wait-places.ts'

/** Milliseconds after which those who wait look again whether or not they were woken. */
const slice = 50

/** What an attempt gives that was in vain. */
export const none = Symbol('none')

/** Tries it; where that is in vain, the place waits from then on. */
export type Attempt = (place?: Place) => unknown

interface Waiter {
  readonly attempt: Attempt
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/**
 * The promises of this thread that wait for items of a deque, or for room: they are served one after the other, and have
 * one place among those who wait.
 *
 * Invariant, in each turn of the event loop: while there are some, either the first one's attempt was in vain, and the
 * place waits and is watched, or they are being served. Besides, they look every 50 ms: whoever was to wake them may have
 * died.
 */
export class AsyncWaits {
  readonly #memory: DequeMemory
  readonly #place: Place
  readonly #waiters = new Set<Waiter>()
  #isServing = false
  /** The place that `Atomics.waitAsync` watches. */
  #watched: { readonly index: number } | undefined
  /** Keeps the thread alive as well, which `Atomics.waitAsync` does not. */
  #timer: NodeJS.Timeout | undefined
  /** The one that is being tried, and why it is to end if that is in vain. */
  #tried: Waiter | undefined
  #reason: { readonly value: unknown } | undefined

  constructor(memory: DequeMemory, side: Side) {
    this.#memory = memory
    this.#place = new Place(side, true)
  }

  /** Whether nobody waits: else who comes waits for his turn. */
  get isEmpty(): boolean {
    return this.#waiters.size === 0
  }

  /** Waits until an attempt gives anything but `none`; rejects with what one throws. */
  wait<T>(attempt: Attempt, { signal, timeout = Number.POSITIVE_INFINITY }: WaitOptions): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const settleBy = (settle: (argument: unknown) => void) => (argument: unknown) => {
      this.#waiters.delete(waiter)
      signal?.removeEventListener('abort', onAbort)
      deadline?.[Symbol.dispose]()
      settle(argument)
    }
    const waiter: Waiter = { attempt, resolve: settleBy(resolve), reject: settleBy(reject) }
    const onAbort = () => this.#end(waiter, signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const isLimited = timeout < Number.POSITIVE_INFINITY
    const deadline = isLimited ? systemClock.after(timeout, () => this.#end(waiter, timedOut(timeout))) : undefined
    this.#waiters.add(waiter)
    this.#timer ??= setInterval(() => void this.#serve(), slice)
    void this.#serve()
    return promise as Promise<T>
  }

  #end(waiter: Waiter, reason: unknown) {
    // While the lock is waited for other code runs, and what is taken then must go to somebody.
    if (waiter === this.#tried) {
      this.#reason = { value: reason }
      return
    }
    waiter.reject(reason)
    void this.#serve()
  }

  async #serve(): Promise<void> {
    if (this.#isServing) return
    this.#isServing = true
    for (let [first] = this.#waiters; first; [first] = this.#waiters) {
      if (this.#try(first)) {
        // He goes on before the next one is served: what was taken is not lost if this thread ends now.
        await undefined
      } else if (this.#watch()) break
    }
    this.#isServing = false
    if (this.isEmpty) this.#stop()
  }

  /** Whether its wait is over. */
  #try(waiter: Waiter): boolean {
    this.#tried = waiter
    try {
      const given = waiter.attempt(this.#place)
      if (given !== none) waiter.resolve(given)
      else if (this.#reason) waiter.reject(this.#reason.value)
      else return false
    } catch (error) {
      waiter.reject(error)
    } finally {
      this.#tried = undefined
      this.#reason = undefined
    }
    return true
  }

  /** Sees to it that they are served once the place is woken; false when it was. */
  #watch(): boolean {
    const { index } = this.#place
    if (index === this.#watched?.index || index < 0) return true
    this.#unwatch()
    const woken = Atomics.waitAsync(...this.#memory.places.watch(this.#place))
    if (!woken.async) return false
    const watched = { index }
    this.#watched = watched
    void woken.value.then(() => {
      if (this.#watched === watched) this.#watched = undefined
      void this.#serve()
    })
    return true
  }

  #unwatch() {
    if (this.#watched) this.#memory.places.endWait(this.#watched.index)
    this.#watched = undefined
  }

  #stop() {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#unwatch()
    this.#memory.leave(this.#place)
    // Somebody may have come while the lock was waited for.
    if (!this.isEmpty) void this.#serve()
  }
}

export const timedOut = (timeout: number) => new TimeoutError(`what was waited for did not come within ${timeout} ms`)
