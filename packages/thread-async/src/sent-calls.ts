import type { Call } from './call.ts'
import { CallMemory } from './ring/call-memory.ts'
import { FunctionTable } from './ring/function-table.ts'
import { isMarked } from './transfer.ts'

/** Calls beyond those that run which the memory has room for: so many are sent before a thread asks for them. */
const ahead = 126
/** Beyond this many, calls that run leave no room for others to be sent ahead. */
const most = 2 ** 14

/** The caller's side of a pool's memory: the calls that were sent and are not done, each in its slot. */
export class SentCalls {
  readonly memory: CallMemory
  readonly functions = new FunctionTable()
  readonly #calls: (Call | undefined)[]
  readonly #free: number[]
  #count = 0

  /** @param running calls that may run at a time */
  constructor(running: number) {
    this.memory = new CallMemory(Math.min(running, most) + ahead)
    this.#calls = new Array(this.memory.slots).fill(undefined)
    this.#free = Array.from({ length: this.memory.slots }, (_, slot) => slot)
  }

  get size(): number {
    return this.memory.slots - this.#free.length
  }

  get isFull(): boolean {
    return this.#free.length === 0
  }

  /** Whether the call was written into a free slot; its arguments are too large otherwise, or not of a kind for it. */
  write(call: Call): boolean {
    const { kept, given, reference } = call
    const slot = this.#free.at(-1) as number
    if (kept) this.memory.writeKept(slot, kept)
    else if (!this.#mayBeWritten(call) || !this.memory.writeArguments(slot, given)) return false
    const fn = this.functions.numberOf(reference)
    if (fn < 0) return false
    call.id = this.#nextId()
    call.slot = slot
    this.memory.writeHead(slot, call.id, fn)
    return true
  }

  /** Whether the call, which waits for a slot, was given what can be written into it then. */
  keep(call: Call): boolean {
    const isWritable = this.#mayBeWritten(call) && this.functions.numberOf(call.reference) >= 0
    call.kept = isWritable ? this.memory.keep(call.given) : undefined
    return call.kept !== undefined
  }

  #mayBeWritten({ needsMessage, packed, given }: Call): boolean {
    return !needsMessage && !packed && !given.some(isMarked)
  }

  /** Has threads take a call that was written. False when there is no room for it yet. */
  publish(call: Call): boolean {
    if (this.memory.ring.publish(call.slot)) {
      this.#calls[call.slot] = call
      this.#free.pop()
      return true
    }
    call.slot = -1
    return false
  }

  /** Gives a call to a thread which it is sent to in a message. */
  assign(call: Call, thread: number): void {
    call.id = this.#nextId()
    call.slot = this.#free.pop() as number
    this.#calls[call.slot] = call
    this.memory.ring.assign(call.slot, thread)
  }

  /** Takes a call back that no thread has taken. */
  takeBack(call: Call): boolean {
    if (!this.memory.ring.takeBack(call.slot)) return false
    this.#forget(call)
    return true
  }

  /** The call of the slot is done. */
  release(call: Call): void {
    this.memory.ring.free(call.slot)
    this.#forget(call)
  }

  /** @param id undefined when what is in the slot is known to be the one */
  at(slot: number, id?: number): Call | undefined {
    const call = this.#calls[slot]
    return id === undefined || call?.id === id ? call : undefined
  }

  /** Those that no thread has taken, in the order in which they were made. */
  waiting(): Call[] {
    return this.of(0).sort((a, b) => (a.id - b.id) | 0)
  }

  /** Takes back the calls that no thread has taken, so that they can be sent again, in the order in which they were made. */
  takeBackAll(): Call[] {
    return this.waiting().filter(call => {
      const { slot } = call
      if (!this.takeBack(call)) return false
      call.kept = this.memory.kept(slot)
      return true
    })
  }

  /** @param thread 0 for those that no thread has taken */
  of(thread: number): Call[] {
    const isOf = (call: Call | undefined): call is Call => !!call && this.memory.ring.threadOf(call.slot) === thread
    return this.#calls.filter(isOf)
  }

  #forget(call: Call) {
    this.#calls[call.slot] = undefined
    this.#free.push(call.slot)
    call.slot = -1
  }

  #nextId(): number {
    this.#count = (this.#count + 1) | 0 || 1
    return this.#count
  }
}
