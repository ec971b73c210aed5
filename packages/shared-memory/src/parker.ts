import { threadId } from 'node:worker_threads'
import { SpinBudget } from './spin-budget.ts'
import { parkIndex, wordsOf } from './thread-table.ts'

/** What a thread that is parked looks through, since its event loop does not. */
export interface Inbox {
  /**
   * Takes in the next thing that has arrived; false when there was none. Called before the thread sleeps, after each
   * wake-up, and as long as there is more: what the thread waits for may be there after each.
   */
  drain(): boolean
  /** Called before the thread sleeps: who else waits for something of this thread is not to sleep as well. */
  onSleep?(): void
  /** Looks after what cannot announce itself, such as a thread that died. Called every 25 ms while the thread is parked. */
  check(): void
}

/** How long a thread sleeps at a time, in milliseconds. */
export const slice = 25

/**
 * Blocks this thread until something is there, and is how other threads wake it. A thread has one.
 *
 * Invariant: who has something for the thread publishes it first, and then unparks; the thread reads its word before it
 * looks through its inboxes. So what it has not seen has changed the word, and it does not sleep.
 */
export class Parker {
  /** The word by which other threads unpark this one, which it sleeps at. */
  readonly word: Int32Array<SharedArrayBuffer>
  readonly #inboxes = new Set<Inbox>()
  readonly #spin: SpinBudget

  /** @param options.thread its `threadId`, for a parker that `unparkThread` is to reach */
  constructor({ thread, spin = new SpinBudget() }: { thread?: number; spin?: SpinBudget } = {}) {
    const words = thread === undefined ? undefined : wordsOf(thread)
    this.word = words
      ? new Int32Array(words.buffer, 4 * parkIndex(thread as number), 1)
      : new Int32Array(new SharedArrayBuffer(4))
    this.#spin = spin
  }

  /** Has the inbox looked through whenever this thread is parked, until it is removed. */
  add(inbox: Inbox): void {
    this.#inboxes.add(inbox)
  }

  remove(inbox: Inbox): void {
    this.#inboxes.delete(inbox)
  }

  /**
   * Looks through the inboxes and checks them, for a wait that sleeps elsewhere: every 25 ms, as the threads that this
   * thread has started are waited for by others too, and it is the only one that can see them die.
   */
  look(): void {
    const end = performance.now() + slice
    for (let more = true; more && performance.now() < end; ) more = this.#drain()
    for (const inbox of this.#inboxes) {
      inbox.onSleep?.()
      inbox.check()
    }
  }

  /**
   * Blocks the thread until `until` gives true, which is asked after each look through the inboxes.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @returns false when the time was over before
   */
  park(until: () => boolean, timeout = Number.POSITIVE_INFINITY): boolean {
    const start = performance.now()
    const deadline = start + timeout
    let nextCheck = start + slice
    let spins = this.#spin.isEnabled
    for (;;) {
      const seen = Atomics.load(this.word, 0)
      const more = this.#drain()
      if (until()) return true
      const now = performance.now()
      if (now >= deadline) return false
      if (now >= nextCheck) {
        nextCheck = now + slice
        for (const inbox of this.#inboxes) inbox.check()
        if (until()) return true
      }
      if (more) continue
      // What has not come at first is not likely to come at once.
      if (spins && this.#spin.spin(() => Atomics.load(this.word, 0) !== seen)) continue
      spins = false
      for (const inbox of this.#inboxes) inbox.onSleep?.()
      Atomics.wait(this.word, 0, seen, Math.min(deadline - now, nextCheck - now, slice))
    }
  }

  /** Has each inbox take in one thing; false when there was none. */
  #drain(): boolean {
    let more = false
    for (const inbox of this.#inboxes) more = inbox.drain() || more
    return more
  }
}

const key = Symbol.for('fosen.parker/1')
const globals = globalThis as { [key]?: Parker }

/** The parker of this thread: one, also for several copies of this package, as a thread sleeps at one address. */
export function threadParker(): Parker {
  globals[key] ??= new Parker({ thread: threadId })
  return globals[key]
}

/** Wakes the thread whose parker has this word, if it is parked. Call it once what it is to find is there. */
export function unpark(word: Int32Array<SharedArrayBuffer>): void {
  unparkAt(word, 0)
}

/**
 * The same for a thread by its `threadId`. One that has another table of threads than this one is not reached: if it is
 * parked, it looks within 25 ms.
 */
export function unparkThread(thread: number): void {
  const words = wordsOf(thread)
  if (words) unparkAt(words, parkIndex(thread))
}

function unparkAt(words: Int32Array<SharedArrayBuffer>, index: number) {
  Atomics.add(words, index, 1)
  Atomics.notify(words, index)
}
