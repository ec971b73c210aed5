import { Codec } from '@fosen/shared-memory'
import { CallRing } from './call-ring.ts'

/** Words before the ring: how many slots there are, whether the caller sleeps, whether it waits for a place, and who looks for calls. */
const COUNT = 0
const ASLEEP = 1
const WANTS_PLACE = 2
const LOOKER = 3
const RING = 16

/** Bytes of a slot: four words, and the arguments of the call, in whose place its result is put. */
const slotBytes = 512
const [ID, CANCELLED, FUNCTION] = [0, 1, 2]
const headBytes = 16
const payloadBytes = slotBytes - headBytes

/**
 * The calls that a pool has sent and that are not done, in memory which it shares with its threads.
 *
 *   count │ asleep │ wants place │ looker │ CallRing │ slots, 512 bytes each: id │ cancelled │ function │ arguments, then the result
 *
 * A slot is its caller's while it is free or done, and its thread's while it runs; only `cancelled` is written while
 * the other side has it.
 */
export class CallMemory {
  readonly buffer: SharedArrayBuffer
  /** How many calls there may be. */
  readonly slots: number
  readonly ring: CallRing
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #bytes: Uint8Array
  readonly #codec: Codec
  readonly #start: number

  /** @param given the memory that the caller has made, or how many calls it is to hold at least */
  constructor(given: SharedArrayBuffer | number) {
    const slots = typeof given === 'number' ? 2 ** Math.ceil(Math.log2(given)) : countOf(given)
    // To the next line of a processor's cache.
    this.#start = Math.ceil((4 * (RING + CallRing.words(slots))) / 64) * 64
    this.buffer = typeof given === 'number' ? new SharedArrayBuffer(this.#start + slots * slotBytes) : given
    this.slots = slots
    this.#words = new Int32Array(this.buffer)
    this.#words[COUNT] = slots
    this.ring = new CallRing(this.#words.subarray(RING), slots)
    this.#bytes = new Uint8Array(this.buffer)
    this.#codec = new Codec(this.buffer)
  }

  /** For the caller: writes arguments into a free slot; false when they are too large or not of a kind for it. */
  writeArguments(slot: number, args: readonly unknown[]): boolean {
    const start = this.#payload(slot)
    return this.#codec.encodeList(args, start, start + payloadBytes) >= 0
  }

  /** For the caller: arguments as they are written into a slot; undefined when they are too large or not of a kind for it. */
  keep(args: readonly unknown[]): Uint8Array | undefined {
    const end = scratch.codec.encodeList(args, 0, payloadBytes)
    return end < 0 ? undefined : scratch.bytes.slice(0, end)
  }

  /** For the caller: writes what was kept into a free slot. */
  writeKept(slot: number, kept: Uint8Array): void {
    this.#bytes.set(kept, this.#payload(slot))
  }

  /** For the caller: what stands in a slot. */
  kept(slot: number): Uint8Array {
    const start = this.#payload(slot)
    return this.#bytes.slice(start, start + payloadBytes)
  }

  /** The arguments that were kept. */
  read(kept: Uint8Array): unknown[] {
    scratch.bytes.set(kept)
    return scratch.codec.decode(0) as unknown[]
  }

  /** For the caller: makes the arguments that were written those of a call. */
  writeHead(slot: number, id: number, fn: number): void {
    const word = this.#wordOf(slot)
    this.#words[word + ID] = id
    this.#words[word + FUNCTION] = fn
  }

  id(slot: number): number {
    return this.#words[this.#wordOf(slot) + ID] as number
  }

  /** The number of the function, of those that the pool's threads know. */
  functionOf(slot: number): number {
    return this.#words[this.#wordOf(slot) + FUNCTION] as number
  }

  args(slot: number): unknown[] {
    return this.#codec.decode(this.#payload(slot)) as unknown[]
  }

  /** For the thread: false when the result is too large or not of a kind for it. */
  writeResult(slot: number, value: unknown): boolean {
    const start = this.#payload(slot)
    return this.#codec.encode(value, start, start + payloadBytes) >= 0
  }

  result(slot: number): unknown {
    return this.#codec.decode(this.#payload(slot))
  }

  /** For the caller: marks a call as cancelled, whoever has it. */
  cancel(slot: number, id: number): void {
    Atomics.store(this.#words, this.#wordOf(slot) + CANCELLED, id)
  }

  isCancelled(slot: number, id: number): boolean {
    return Atomics.load(this.#words, this.#wordOf(slot) + CANCELLED) === id
  }

  /** For the caller: whether a thread that has a result is to wake it. */
  setAsleep(isAsleep: boolean): void {
    Atomics.store(this.#words, ASLEEP, isAsleep ? 1 : 0)
  }

  /** For a thread that has announced a result: whether it is the one to wake the caller. */
  takeWake(): boolean {
    return Atomics.load(this.#words, ASLEEP) === 1 && Atomics.exchange(this.#words, ASLEEP, 0) === 1
  }

  /** For the caller: it has found no place in a thread. It looks for one once more after this. */
  setWantsPlace(): void {
    Atomics.store(this.#words, WANTS_PLACE, 1)
  }

  /** For a thread that has given back a place without a result: whether it is the one to tell the caller. */
  takeWantsPlace(): boolean {
    return Atomics.load(this.#words, WANTS_PLACE) === 1 && Atomics.exchange(this.#words, WANTS_PLACE, 0) === 1
  }

  /** For a thread: becomes the one that looks for calls, if there is none: one is enough, and each takes up a processor. */
  startLooking(thread: number): boolean {
    return Atomics.compareExchange(this.#words, LOOKER, 0, thread) === 0
  }

  /** The thread looks no longer, or is no more. */
  stopLooking(thread: number): void {
    Atomics.compareExchange(this.#words, LOOKER, thread, 0)
  }

  #wordOf(slot: number): number {
    return (this.#start + slot * slotBytes) / 4
  }

  #payload(slot: number): number {
    return this.#start + slot * slotBytes + headBytes
  }
}

const scratchBuffer = new ArrayBuffer(slotBytes)
const scratch = { bytes: new Uint8Array(scratchBuffer), codec: new Codec(scratchBuffer) }

const countOf = (buffer: SharedArrayBuffer) => new Int32Array(buffer, 4 * COUNT, 1)[0] as number
