import { inspect } from 'node:util'
import { markAsUncloneable, threadId } from 'node:worker_threads'
import { TimeoutError } from './errors.ts'
import { slice, threadParker } from './parker.ts'
import { shareable } from './shareable.ts'
import { isWorthIt, pause } from './spin-budget.ts'
import { isDead } from './thread-table.ts'

const FREE = 0
/** Set while somebody may be asleep; the other bits are the owner's thread, counted from 1. */
const WAITERS = 1 << 31

/** How often a thread that blocks looks again before it sleeps: the lock is held for less time than that takes, as a rule. */
const usualSpins = isWorthIt ? 100 : 0

/** The lock, held: for `using`, which gives it back. */
export interface MutexGuard extends Disposable {
  /**
   * Whether the lock was taken over from a thread that died with it: what it protects may be half-done, and whoever
   * holds it has to put that in order, or give it up. As EOWNERDEAD of POSIX, said once: not to who comes next.
   */
  readonly ownerDied: boolean
}

/**
 * A lock in shared memory, for threads; passes to another thread as an argument.
 *
 * One thread at a time holds it. It is not reentrant, and only the thread that acquired it may release it. Waiters are
 * not served in order.
 *
 * When a thread dies with it, the next one takes it over and is told by `ownerDied`: at most 200 ms after the death, if
 * the thread that started the dead one is in its event loop, or in a wait of fosen. That holds for the threads of
 * `@fosen/thread-async`, and any that are entered by `addThread` and `markDead`; one that is not leaves the lock held.
 *
 * @example
 * ```ts
 * import { Mutex } from '@fosen/shared-memory'
 *
 * const mutex = new Mutex()
 * mutex.acquireSync()
 * console.log(mutex.locked())
 * mutex.release()
 * console.log(mutex.locked())
 * ```
 * ```text
 * true
 * false
 * ```
 * @see https://docs.python.org/3/library/threading.html#lock-objects
 * @see U. Drepper, "Futexes Are Tricky", 2011: the lock word with a mark for waiters
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/functions/pthread_mutexattr_getrobust.html
 */
export class Mutex {
  readonly #word: Int32Array<SharedArrayBuffer>
  readonly #me: number
  readonly #spins: number

  /**
   * @param buffer the memory of another thread's Mutex, at least 4 bytes; by default new memory
   * @param internal.thread for tests: the thread that this is the Mutex of
   * @param internal.spins for tests: how often it looks before it sleeps
   * @throws TypeError when it is no shared memory; RangeError when it is too small
   */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(4),
    { thread = threadId, spins = usualSpins }: { thread?: number; spins?: number } = {},
  ) {
    if (!(buffer instanceof SharedArrayBuffer))
      throw new TypeError(`a SharedArrayBuffer is needed, not ${inspect(buffer)}`)
    this.#word = new Int32Array(buffer, 0, 1)
    this.#me = thread + 1
    this.#spins = spins
    markAsUncloneable(this)
  }

  get buffer(): SharedArrayBuffer {
    return this.#word.buffer
  }

  /** Whether a living thread holds the lock. */
  locked(): boolean {
    const seen = Atomics.load(this.#word, 0)
    return seen !== FREE && !isOwnerDead(seen)
  }

  /** Takes the lock if no living thread holds it; undefined when it was not taken. */
  tryAcquire(): MutexGuard | undefined {
    const taken = this.#tryFree() ?? this.#try()
    return typeof taken === 'number' ? undefined : taken
  }

  /**
   * Takes the lock; blocks the thread until it has it.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @throws TimeoutError when the time is over
   * @throws Error when this thread holds the lock: it would wait for itself
   */
  acquireSync(timeout = Number.POSITIVE_INFINITY): MutexGuard {
    checkTimeout(timeout)
    return this.#tryFree() ?? this.#spin() ?? this.#wait(timeout)
  }

  #spin(): MutexGuard | undefined {
    for (let left = this.#spins; left > 0; left--) {
      pause()
      if (Atomics.load(this.#word, 0) !== FREE) continue
      const taken = this.#tryFree()
      if (taken) return taken
    }
    return undefined
  }

  #wait(timeout: number): MutexGuard {
    const start = performance.now()
    const deadline = start + timeout
    let nextLook = start + slice
    for (;;) {
      const taken = this.#contend()
      if (typeof taken !== 'number') return taken
      if (ownerOf(taken) === this.#me) {
        throw new Error('this thread holds the mutex already: it would wait for itself')
      }
      let now = performance.now()
      if (now >= deadline) throw timedOut(timeout)
      if (now >= nextLook) {
        threadParker().look()
        now = performance.now()
        nextLook = now + slice
      }
      Atomics.wait(this.#word, 0, taken, Math.min(deadline, nextLook) - now)
    }
  }

  /**
   * Takes the lock; the thread's event loop goes on, and the process stays alive, until it has it.
   *
   * An abort rejects with `signal.reason` and takes nothing.
   *
   * @param options.timeout milliseconds; by default it waits for ever
   * @throws TimeoutError when the time is over
   */
  async acquire(options: { signal?: AbortSignal; timeout?: number } = {}): Promise<MutexGuard> {
    const { signal, timeout = Number.POSITIVE_INFINITY } = options
    checkTimeout(timeout)
    const deadline = performance.now() + timeout
    signal?.throwIfAborted()
    let wake = () => {}
    const onAbort = () => wake()
    signal?.addEventListener('abort', onAbort, { once: true })
    // Atomics.waitAsync keeps no thread alive.
    const alive = setInterval(() => {}, 2 ** 31 - 1)
    try {
      for (;;) {
        const taken = this.#contend()
        if (typeof taken !== 'number') return taken
        const left = deadline - performance.now()
        if (left <= 0) throw timedOut(timeout)
        const wait = Atomics.waitAsync(this.#word, 0, taken, Math.min(left, slice))
        if (wait.async) {
          const { promise, resolve } = Promise.withResolvers<void>()
          wake = resolve
          void wait.value.then(() => resolve())
          await promise
        }
        signal?.throwIfAborted()
      }
    } finally {
      clearInterval(alive)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Gives the lock back. @throws Error when this thread does not hold it */
  release(): void {
    if (Atomics.compareExchange(this.#word, 0, this.#me, FREE) === this.#me) return
    if (ownerOf(Atomics.load(this.#word, 0)) !== this.#me) throw new Error('this thread does not hold the mutex')
    // All waiters are woken and contend again: one that gave up meanwhile would swallow the only wake-up.
    if (Atomics.exchange(this.#word, 0, FREE) & WAITERS) Atomics.notify(this.#word, 0)
  }

  /** Takes the lock, or marks it as waited for and gives the word to sleep on. */
  #contend(): MutexGuard | number {
    for (;;) {
      const taken = this.#try()
      if (typeof taken !== 'number') return taken
      const marked = taken | WAITERS
      if (marked === taken || Atomics.compareExchange(this.#word, 0, taken, marked) === taken) return marked
    }
  }

  /** Takes the lock if nobody holds it. */
  #tryFree(): MutexGuard | undefined {
    return Atomics.compareExchange(this.#word, 0, FREE, this.#me) === FREE ? new Guard(this, false) : undefined
  }

  /** Takes the lock if no living thread holds it; else gives the word. */
  #try(): MutexGuard | number {
    for (;;) {
      const seen = Atomics.load(this.#word, 0)
      if (seen !== FREE && !isOwnerDead(seen)) return seen
      // Those who wait for a dead thread are still asleep. Of a free lock all were woken, and mark it again if they sleep.
      const mine = this.#me | (seen & WAITERS)
      if (Atomics.compareExchange(this.#word, 0, seen, mine) === seen) return new Guard(this, seen !== FREE)
    }
  }
}

class Guard implements MutexGuard {
  readonly ownerDied: boolean
  #mutex: Mutex | undefined

  constructor(mutex: Mutex, ownerDied: boolean) {
    this.#mutex = mutex
    this.ownerDied = ownerDied
  }

  [Symbol.dispose](): void {
    this.#mutex?.release()
    this.#mutex = undefined
  }
}

shareable(import.meta, Mutex, { share: mutex => mutex.buffer, receive: buffer => new Mutex(buffer) })

const ownerOf = (word: number) => word & ~WAITERS
const isOwnerDead = (word: number) => isDead(ownerOf(word) - 1)

function checkTimeout(timeout: number): void {
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new RangeError(`timeout must be a number of milliseconds from 0 on, not ${inspect(timeout)}`)
  }
}

const timedOut = (timeout: number) => new TimeoutError(`the mutex was not free within ${timeout} ms`)
