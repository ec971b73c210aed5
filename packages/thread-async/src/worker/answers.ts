import type { MessagePort, Transferable } from 'node:worker_threads'
import { shareOf, unpark } from '@fosen/shared-memory'
import { isGenerator } from '../portable.ts'
import type { CallMemory } from '../ring/call-memory.ts'
import type { ThreadCells } from '../ring/thread-cells.ts'
import { isMarked, transferListOf } from '../transfer.ts'
import { encodeError } from '../wire/error-codec.ts'
import type { FromThread, ThreadData } from '../wire/messages.ts'
import { uncloneable } from '../wire/uncloneable.ts'
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
    this.#caller = caller
    this.#memory = memory
    this.#cells = cells
    this.#thread = number
  }

  /** Sends a message that holds nothing of the user's. */
  send(message: FromThread): void {
    this.#post(message, [])
  }

  /**
   * The call has yielded a value.
   *
   * @throws DataCloneError when it cannot be cloned
   */
  yield({ id, slot, reference }: RunningCall, value: unknown): void {
    try {
      this.#post({ type: 'item', id, slot, value }, transferListOf(value))
    } catch (error) {
      throw uncloneable(error, `a value that ${reference.name} yields`, value)
    }
  }

  /** The call has returned: a small value is put into the pool's memory, another one is sent in a message. */
  succeed(call: RunningCall, value: unknown): void {
    // What a stream has yielded must not be overtaken.
    const isSmall = !isGenerator(call.reference) && !isMarked(value) && this.#memory.writeResult(call.slot, value)
    if (isSmall) this.#announce(call)
    else if (shareOf(value)) this.fail(call, new TypeError(notShareable))
    else this.#sendValue(call, value)
  }

  /** The call has thrown. */
  fail(call: RunningCall, error: unknown): void {
    this.#cells.givePlace()
    this.#sendError(call, error)
  }

  /** Gives back a place that no call was found for; the caller may have looked for one in vain. */
  givePlace(): void {
    this.#cells.givePlace()
    if (this.#memory.takeWantsPlace()) this.send({ type: 'wake' })
  }

  /** A value that cannot be cloned fails its call, and nothing else. */
  #sendValue(call: RunningCall, value: unknown) {
    const { id, slot, reference } = call
    // Before the answer, here as elsewhere: who gets it may have the next call for the place.
    this.#cells.givePlace()
    try {
      this.#post({ type: 'value', id, slot, value }, transferListOf(value))
    } catch (error) {
      this.#sendError(call, uncloneable(error, `the result of ${reference.name}`, value))
    }
  }

  #sendError({ id, slot }: RunningCall, error: unknown) {
    this.send({ type: 'error', id, slot, error: encodeError(error) })
  }

  #announce({ slot }: RunningCall) {
    // The result is safe from here on, whatever becomes of this thread.
    this.#memory.ring.finish(slot, this.#thread)
    this.#cells.givePlace()
    this.#cells.announce(slot)
    unpark(this.#caller)
    if (this.#memory.takeWake()) this.send({ type: 'wake' })
  }

  #post(message: FromThread, transfer: readonly Transferable[]) {
    this.#port.postMessage(message, transfer)
    this.#cells.countMessage()
    unpark(this.#caller)
  }
}

const notShareable = 'a shareable object can be an argument of a call, and not its result'
