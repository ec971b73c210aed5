import { Codec } from '@fosen/shared-memory'
import type { Reference } from '../portable.ts'

const entryBytes = 512
const entries = 64

/**
 * The functions that are called through a pool's memory, by number: the caller writes a reference down once, and each
 * thread reads it once.
 */
export class FunctionTable {
  readonly buffer: SharedArrayBuffer
  readonly #codec: Codec
  readonly #numbers = new Map<Reference, number>()
  readonly #references: Reference[] = []

  constructor(buffer = new SharedArrayBuffer(entries * entryBytes)) {
    this.buffer = buffer
    this.#codec = new Codec(buffer)
  }

  /** For the caller: the number of the function; -1 when the table is full, or the reference too long for it. */
  numberOf(reference: Reference): number {
    let number = this.#numbers.get(reference)
    if (number === undefined) {
      number = this.#write(reference)
      this.#numbers.set(reference, number)
    }
    return number
  }

  #write(reference: Reference): number {
    const number = this.#references.length
    const start = number * entryBytes
    if (number === entries || this.#codec.encode({ ...reference }, start, start + entryBytes) < 0) return -1
    this.#references.push(reference)
    return number
  }

  /** For a thread: the function of a call that it has taken. */
  reference(number: number): Reference {
    this.#references[number] ??= this.#codec.decode(number * entryBytes) as Reference
    return this.#references[number]
  }
}
