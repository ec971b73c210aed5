import type { Call } from './call.ts'
import type { PoolThread } from './pool-thread.ts'
import type { SentCalls } from './sent-calls.ts'
import { decodeError } from './wire/error-codec.ts'
import type { FromThread } from './wire/messages.ts'

type Answer = Extract<FromThread, { slot: number }>

/** Settles the calls of a pool whose answers arrive. */
export class CallReturns {
  readonly #sent: SentCalls
  readonly #onRelease: () => void

  /** @param onRelease the slot of a call is free: called before anybody is told, as a callback may block on a call that waits for it */
  constructor(sent: SentCalls, onRelease: () => void) {
    this.#sent = sent
    this.#onRelease = onRelease
  }

  /** The call in the slot has its result there. */
  takeResult(slot: number): void {
    const call = this.#sent.at(slot)
    if (!call) return
    const value = this.#sent.memory.result(slot)
    this.#release(call)
    call.future.setResult(value)
  }

  takeAnswer(message: Answer): void {
    const call = this.#sent.at(message.slot, message.id)
    if (!call) return
    if (message.type === 'item') {
      call.stream?.push(message.value)
      return
    }
    this.#release(call)
    if (message.type === 'value') call.future.setResult(message.value)
    else call.future.setException(decodeError(message.error))
  }

  /** A message cannot be read here, and nobody knows which call it was of. */
  lose(error: unknown, thread: PoolThread): void {
    void thread.terminate()
    for (const { future } of this.#sent.of(thread.number)) future.setException(error)
  }

  #release(call: Call) {
    this.#sent.release(call)
    call.deadline?.clear()
    this.#onRelease()
  }
}
