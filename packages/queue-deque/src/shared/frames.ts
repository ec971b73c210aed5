import { Codec } from '@fosen/shared-memory'
import { deserialize, isSerialized, serialize } from './serialize.ts'

/** Words of a list that is used again and again, and those that are free at least when a value is added. */
const usual = 2 ** 14
const roomy = 2 ** 10

/** Words of an item of so many bytes. */
export const wordsOf = (bytes: number) => (bytes + 3) >>> 2

/**
 * Items as bytes, on their way to a ring or from it: for each the number of its bytes, and the bytes, up to a whole word.
 * In memory of this thread's own, so that nobody waits while a value is encoded or decoded.
 */
export class Frames {
  words: Int32Array<ArrayBuffer>
  /** The word behind the last item, and that of the next item to be taken. */
  end = 0
  at = 0
  #bytes: Buffer
  #codec: Codec

  constructor(size = usual) {
    this.words = new Int32Array(size)
    this.#bytes = Buffer.from(this.words.buffer)
    this.#codec = new Codec(this.words.buffer)
  }

  /**
   * Adds a value as it is at this moment.
   *
   * @throws TypeError when it is of a kind that cannot cross to another thread as a value
   */
  add(value: unknown): void {
    // So that few values are serialized only because the end is near.
    this.reserve(roomy)
    const start = 4 * (this.end + 1)
    const end = this.#codec.encode(value, start, this.#bytes.length)
    this.#close(end < 0 ? this.#addSerialized(value) : end)
  }

  /** Sees to it that there is room for so many words more. */
  reserve(words: number): void {
    if (this.end + words <= this.words.length) return
    const before = this.words
    this.words = new Int32Array(Math.max(2 * before.length, this.end + words))
    this.words.set(before.subarray(0, this.end))
    this.#bytes = Buffer.from(this.words.buffer)
    this.#codec = new Codec(this.words.buffer)
  }

  /** Takes the next item's value. */
  take(): unknown {
    const start = 4 * (this.at + 1)
    const end = start + (this.words[this.at] as number)
    this.at = wordsOf(end)
    return isSerialized(this.#bytes, start) ? deserialize(this.#bytes.subarray(start, end)) : this.#codec.decode(start)
  }

  /** A copy that takes no more memory than it needs. */
  copy(): Frames {
    const copy = new Frames(this.end)
    copy.words.set(this.words.subarray(0, this.end))
    copy.end = this.end
    return copy
  }

  clear(): void {
    this.end = 0
    this.at = 0
  }

  #addSerialized(value: unknown): number {
    const bytes = serialize(value)
    this.reserve(1 + wordsOf(bytes.length))
    const start = 4 * (this.end + 1)
    this.#bytes.set(bytes, start)
    return start + bytes.length
  }

  #close(endByte: number) {
    this.words[this.end] = endByte - 4 * (this.end + 1)
    // The rest of the word is of another item.
    for (let byte = endByte; byte % 4 !== 0; byte++) this.#bytes[byte] = 0
    this.end = wordsOf(endByte)
  }
}

/** Lists for the next ones who need one. Of code that a wait runs meanwhile, each has its own. */
const spares: Frames[] = []
const mostSpares = 4

/** An empty list, which is nobody else's. */
export const takeFrames = (): Frames => spares.pop() ?? new Frames()

export function giveBack(frames: Frames): void {
  frames.clear()
  if (frames.words.length === usual && spares.length < mostSpares) spares.push(frames)
}
