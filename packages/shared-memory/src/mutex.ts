import { inspect } from 'node:util'
import { threadId } from 'node:worker_threads'
import { TimeoutError } from './errors.ts'
import { shareable } from './shareable.ts'

const FREE = 0
/** Set while somebody may be asleep; the other bits are the owner's thread, counted from 1. */
const WAITERS = 1 << 31
const me = threadId + 1

/**
 * A lock in shared memory, for threads; passes to another thread as an argument.
 *
 * One thread at a time holds it. It is not reentrant, and only the thread that acquired it may release it. Waiters are
 * not served in order. A thread that ends while it holds the lock leaves it held.
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
 */
export class Mutex {
  readonly #word: Int32Array<SharedArrayBuffer>

  /**
   * @param buffer the memory of another thread's Mutex, at least 4 bytes; by default new memory
   * @throws TypeError when it is no shared memory; RangeError when it is too small
   */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    if (!(buffer instanceof SharedArrayBuffer))
      throw new TypeError(`a SharedArrayBuffer is needed, not ${inspect(buffer)}`)
    this.#word = new Int32Array(buffer, 0, 1)
  }

  get buffer(): SharedArrayBuffer {
    return this.#word.buffer
  }

  /** Whether any thread holds the lock. */
  locked(): boolean {
    return Atomics.load(this.#word, 0) !== FREE
  }

  /** Takes the lock if nobody holds it; true when it was taken. */
  tryAcquire(): boolean {
    return Atomics.compareExchange(this.#word, 0, FREE, me) === FREE
  }

  /**
   * Takes the lock; blocks the thread until it has it.
   *
   * @param timeout milliseconds; by default it waits for ever
   * @returns a guard for `using`, which releases the lock
   * @throws TimeoutError when the time is over
   * @throws Error when this thread holds the lock: it would wait for itself
   */
  acquireSync(timeout = Number.POSITIVE_INFINITY): Disposable {
    const deadline = performance.now() + checkTimeout(timeout)
    for (let seen = this.#take(); seen !== FREE; seen = this.#take()) {
      const left = deadline - performance.now()
      if (left <= 0) throw timedOut(timeout)
      Atomics.wait(this.#word, 0, seen, left)
    }
    return this.#guard()
  }

  /**
   * Takes the lock; the thread's event loop goes on, and the process stays alive, until it has it.
   *
   * An abort rejects with `signal.reason` and takes nothing.
   *
   * @param options.timeout milliseconds; by default it waits for ever
   * @returns a guard for `using`, which releases the lock
   * @throws TimeoutError when the time is over
   */
  async acquire(options: { signal?: AbortSignal; timeout?: number } = {}): Promise<Disposable> {
    const { signal, timeout = Number.POSITIVE_INFINITY } = options
    const deadline = performance.now() + checkTimeout(timeout)
    signal?.throwIfAborted()
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>()
    const onAbort = () => abort()
    signal?.addEventListener('abort', onAbort, { once: true })
    // Atomics.waitAsync keeps no thread alive.
    const alive = setInterval(() => {}, 2 ** 31 - 1)
    try {
      for (let seen = this.#contend(); seen !== FREE; seen = this.#contend()) {
        const left = deadline - performance.now()
        if (left <= 0) throw timedOut(timeout)
        const wait = Atomics.waitAsync(this.#word, 0, seen, left)
        if (wait.async) await Promise.race([wait.value, aborted])
        signal?.throwIfAborted()
      }
      return this.#guard()
    } finally {
      clearInterval(alive)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** Gives the lock back. @throws Error when this thread does not hold it */
  release(): void {
    const seen = Atomics.load(this.#word, 0)
    if ((seen & ~WAITERS) !== me) throw new Error('this thread does not hold the mutex')
    // All waiters are woken and contend again: one that gave up meanwhile would swallow the only wake-up.
    if (Atomics.exchange(this.#word, 0, FREE) & WAITERS) Atomics.notify(this.#word, 0)
  }

  /** As #contend, but for a thread that would stop for good if it waited for itself. */
  #take(): number {
    const seen = this.#contend()
    if ((seen & ~WAITERS) === me) throw new Error('this thread holds the mutex already: it would wait for itself')
    return seen
  }

  /** Takes the lock, or marks it as waited for; gives FREE when it was taken, else the word to sleep on. */
  #contend(): number {
    for (;;) {
      const seen = Atomics.load(this.#word, 0)
      if (seen === FREE) {
        // Whoever else was woken marks the word again before it sleeps.
        if (Atomics.compareExchange(this.#word, 0, FREE, me) === FREE) return FREE
      } else if (seen & WAITERS || Atomics.compareExchange(this.#word, 0, seen, seen | WAITERS) === seen) {
        return seen | WAITERS
      }
    }
  }

  #guard(): Disposable {
    let held = true
    return {
      [Symbol.dispose]: () => {
        if (held) this.release()
        held = false
      },
    }
  }
}

shareable(import.meta, Mutex, { share: mutex => mutex.buffer, receive: buffer => new Mutex(buffer) })

function checkTimeout(timeout: number): number {
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new RangeError(`timeout must be a number of milliseconds from 0 on, not ${inspect(timeout)}`)
  }
  return timeout
}

const timedOut = (timeout: number) => new TimeoutError(`the mutex was not free within ${timeout} ms`)
