import type { AsyncFunction, Awaitable } from '../awaitable.ts'
import { checkOptions } from '../check-arguments.ts'
import { ensureFuture } from '../ensure-future.ts'
import { RuntimeError } from '../errors.ts'
import type { Future } from '../future.ts'
import { BaseEventLoop } from '../loop/base-event-loop.ts'
import { deadlockError } from '../loop/deadlock.ts'
import { withRunningLoop } from '../loop/running-loop.ts'
import { Stepper } from '../stepper.ts'

export interface VirtualEventLoopOptions {
  /** Has the tasks that are ready together run in another order, which is the same for the same seed: to find races. */
  readonly seed?: number | undefined
}

/**
 * An event loop for tests: its clock jumps to the next timer as soon as nothing else is left to do.
 *
 * Each run is like any other: the clock begins at 0, and what happens depends on nothing but the program and the seed.
 * Callbacks keep their order whatever the seed, as programs may rely on it.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { sleep } from '@fosen/event-loop'
 * import { VirtualEventLoop } from '@fosen/event-loop/testing'
 *
 * const patient = coroutine(function* () {
 *   yield* sleep(3_600_000)
 *   return 'an hour later'
 * })
 *
 * const loop = new VirtualEventLoop()
 * console.log(loop.runUntilCompleteSync(patient()), loop.time())
 * loop.close()
 * ```
 * ```text
 * an hour later 3600000
 * ```
 */
export class VirtualEventLoop extends BaseEventLoop {
  readonly #random: (() => number) | undefined
  #now = 0
  #batches = 0
  #running = false
  #stopping = false
  /** Whether nothing native can go on while it runs. */
  #sync = false
  #onWake: (() => void) | undefined

  /** @throws RangeError when the seed is no integer of 32 bits */
  constructor(options: VirtualEventLoopOptions = {}) {
    checkOptions('{ seed }', options)
    super()
    const { seed } = options
    if (seed !== undefined && (seed | 0) !== seed && seed >>> 0 !== seed) {
      throw new RangeError(`a seed is an integer of 32 bits, not ${String(seed)}`)
    }
    this.#random = seed === undefined ? undefined : mulberry32(seed)
  }

  override time(): number {
    return this.#now
  }

  override isRunning(): boolean {
    return this.#running
  }

  /**
   * Runs the loop until a coroutine, an async function or a future is done. Promises of Node's are waited for when
   * nothing else is left to do; not beside something of the loop that an async function awaits no more, such as what
   * `Promise.race` has left behind: that looks like a deadlock.
   *
   * @returns what it returns; rejects with what it throws
   * @throws RuntimeError (as a rejection) when the loop runs already, is closed, or is stopped before
   * @throws DeadlockError (as a rejection) when nothing is left that could wake the loop
   */
  async runUntilComplete<T>(work: Awaitable<T> | AsyncFunction<T>): Promise<T> {
    const future = this.#start(work)
    try {
      do {
        if (this.#batches++ % often === often - 1) await nodeTurn()
        await microtasks()
        if (!this.isReady && !this.#stopping && !this.#advance()) await this.#outside(future as Future<unknown>)
        withRunningLoop(this, () => this.runBatch())
      } while (!this.#stopping)
    } finally {
      this.#end(future)
    }
    return this.#resultOf(future)
  }

  /**
   * As `runUntilComplete`, at once: for coroutines, since async functions cannot go on meanwhile.
   *
   * @throws RuntimeError also when an async function is called in a task
   */
  runUntilCompleteSync<T>(work: Awaitable<T>): T {
    const future = this.#start(work)
    this.#sync = true
    try {
      withRunningLoop(this, () => {
        do {
          if (!this.isReady && !this.#stopping && !this.#advance()) throw deadlockError(this, future as Future<unknown>)
          this.runBatch()
        } while (!this.#stopping)
      })
    } finally {
      this.#sync = false
      this.#end(future)
    }
    return this.#resultOf(future)
  }

  /** Ends the run after the current batch, or after the first batch of the next run. */
  stop(): void {
    this.#stopping = true
    this.wake()
  }

  override checkTakesPromises(): void {
    if (this.#sync) throw new RuntimeError('runUntilCompleteSync waits for no promise: use runUntilComplete')
  }

  /** What it waited for may be gone: then it is a deadlock. */
  override awaitsElse(): void {
    this.wake()
  }

  protected override wake(): void {
    this.#onWake?.()
  }

  protected override runBatch(): void {
    if (this.#random) this.ready.shuffle(entry => entry instanceof Stepper, this.#random)
    super.runBatch()
  }

  #start<T>(work: Awaitable<T> | AsyncFunction<T>): Future<T> {
    this.checkOpen()
    if (this.#running) throw new RuntimeError('This event loop is already running')
    const future = ensureFuture(work, this)
    this.#running = true
    future.addDoneCallback(this.#stop)
    return future
  }

  readonly #stop = () => this.stop()

  #end(future: Future<unknown>) {
    this.#running = false
    this.#stopping = false
    future.removeDoneCallback(this.#stop)
  }

  #resultOf<T>(future: Future<T>): T {
    if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.')
    return future.result()
  }

  /** Lets the time pass until the next timer; false when there is none. */
  #advance(): boolean {
    const next = this.nextTimer()
    if (next === undefined) return false
    this.#now = Math.max(this.#now, next)
    return true
  }

  /** Waits for something that Node brings. */
  async #outside(until: Future<unknown>): Promise<void> {
    if (this.outside === 0 && ![...this.bodies].some(body => body.isOutside)) throw deadlockError(this, until)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onWake = resolve
    await promise
    this.#onWake = undefined
  }
}

/** After so many batches Node has its turn, in spite of tasks that never let the loop come to rest. */
const often = 256

function nodeTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Resolves when native code has gone on as far as it can without Node's event loop. */
function microtasks(): Promise<void> {
  return new Promise(resolve => queueMicrotask(() => process.nextTick(resolve)))
}

/** Numbers from 0 to 1 that look random, and are the same for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
