import { AsyncLocalStorage } from 'node:async_hooks'
import type { Reference } from '../portable.ts'
import type { CallMemory } from '../ring/call-memory.ts'

/** What a function that runs in a thread can ask about its call. */
export interface CurrentCall {
  /** Aborted when the call is cancelled or its time is over; the reason tells which. */
  readonly signal: AbortSignal
  /** Whether the call is cancelled; unlike `signal`, this is seen by code that never waits. */
  readonly cancelled: boolean
}

const storage = new AsyncLocalStorage<RunningCall>()
const never: CurrentCall = { signal: new AbortController().signal, cancelled: false }

/**
 * The call that this code runs for. Code that no thread was asked to run gets one that is never cancelled, so that a
 * function works the same when it is called directly.
 *
 * @example
 * ```ts
 * import { currentCall, portable, ThreadPool } from '@fosen/thread-async'
 *
 * const spin = portable(import.meta, function spin() {
 *   let rounds = 0
 *   while (!currentCall().cancelled) rounds++
 *   return rounds
 * })
 *
 * if (import.meta.main) {
 *   const pool = new ThreadPool({ max: 1 })
 *   const future = pool.with({ timeout: 20 }).submit(spin)
 *   await future.then(null, error => console.log(error.name))
 *   await pool.shutdown()
 * }
 * ```
 * ```text
 * TimeoutError
 * ```
 */
export function currentCall(): CurrentCall {
  return storage.getStore() ?? never
}

/** A call in the thread that runs it. */
export class RunningCall implements CurrentCall {
  // Made when it is first asked for: most functions never do.
  #controller: AbortController | undefined
  #reason: unknown
  #aborted = false
  readonly #memory: CallMemory
  readonly slot: number
  readonly id: number
  readonly reference: Reference
  #credit = 0
  #onCredit: (() => void) | undefined

  constructor(memory: CallMemory, slot: number, id: number, reference: Reference) {
    this.#memory = memory
    this.slot = slot
    this.id = id
    this.reference = reference
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  get cancelled(): boolean {
    return this.#memory.isCancelled(this.slot, this.id)
  }

  abort(reason: unknown): void {
    this.#aborted = true
    this.#reason = reason
    this.#controller?.abort(reason)
    this.giveCredit(0)
  }

  /** For a stream: how many values it may send. */
  giveCredit(count: number): void {
    this.#credit += count
    this.#onCredit?.()
  }

  /** Takes the right to send one value; waits for it, and until the call is cancelled. */
  async takeCredit(): Promise<void> {
    while (this.#credit === 0 && !this.cancelled) {
      await new Promise<void>(resolve => {
        this.#onCredit = resolve
      })
    }
    this.#credit--
  }

  run<R>(fn: () => R): R {
    return storage.run(this, fn)
  }
}
