import type { MessagePort } from 'node:worker_threads'
import { shareOf, unpark } from '@fosen/shared-memory'
import type { CallMemory } from '../ring/call-memory.ts'
import type { ThreadCells } from '../ring/thread-cells.ts'
import { encodeError } from '../wire/error-codec.ts'
import type { FromThread, ThreadData } from '../wire/messages.ts'
import type { RunningCall } from './current-call.ts'

/** How this thread tells its caller what became of calls. */
export class Answers {
  readonly #port: MessagePort
  readonly #caller: Int32Array<SharedArrayBuffer>
  readonly #memory: CallMemory
  readonly #cells: ThreadCells
  readonly #thread: number

  constructor({ port, caller, number }: ThreadData, memory: CallMemory, cells: ThreadCells) {
    this.#port = port
    this.#caller = new Int32Array(caller)
    this.#memory = memory
    this.#cells = cells
    this.#thread = number
  }

  /** @throws DataCloneError when a value in it cannot be cloned */
  send(message: FromThread): void {
    this.#port.postMessage(message)
    this.#cells.countMessage()
    unpark(this.#caller)
  }

  /**
   * The call has returned a value: it is put into the pool's memory if it is small, and sent in a message otherwise.
   *
   * @param inMessage whether the call has sent messages before, which this must not overtake
   */
  succeed(call: RunningCall, value: unknown, inMessage: boolean): void {
    if (!inMessage && this.#memory.writeResult(call.slot, value)) this.#announce(call.slot)
    else if (shareOf(value)) this.fail(call, new TypeError(notShareable))
    else this.#sendValue(call, value)
  }

  /** The call has thrown. */

  fail({ id, slot }: RunningCall, error: unknown): void {
    this.#sendLast(slot, { type: 'error', id, slot, error: encodeError(error) })
  }

  /** A value that cannot be cloned fails its call, and nothing else. */
  #sendValue(call: RunningCall, value: unknown) {
    const { id, slot } = call
    try {
      this.#sendLast(slot, { type: 'value', id, slot, value })
    } catch (error) {
      this.fail(call, error)
    }
  }

  #announce(slot: number) {
    this.#memory.ring.finish(slot, this.#thread)
    this.#cells.announce(slot)
    unpark(this.#caller)
    if (this.#memory.takeWake()) this.send({ type: 'wake' })
  }

  #sendLast(slot: number, message: FromThread) {
    this.#memory.ring.finish(slot, this.#thread)
    this.send(message)
  }
}

const notShareable = 'a shareable object can be an argument of a call, and not its result'
