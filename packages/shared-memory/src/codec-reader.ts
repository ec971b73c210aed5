import { readKey } from './codec-keys.ts'
import { readLatin1 } from './codec-latin1.ts'
import { maxShort, tag } from './codec-tag.ts'

/** Reads what a `Writer` wrote. */
export class Reader {
  readonly #bytes: Buffer
  readonly #view: DataView
  /** Where the next value begins. */
  #at = 0

  constructor(bytes: Buffer, view: DataView) {
    this.#bytes = bytes
    this.#view = view
  }

  read(start: number): unknown {
    this.#at = start
    return this.#next()
  }

  #next(): unknown {
    const view = this.#view
    const at = this.#at
    const first = view.getUint8(at)
    if (first < tag.short) {
      this.#at = at + 1
      return first
    }
    if (first < tag.undefined) {
      const length = first - tag.short
      this.#at = at + 1 + length
      return readLatin1(this.#bytes, at + 1, length)
    }
    switch (first) {
      case tag.object:
        return this.#object()
      case tag.array:
        return this.#array()
      case tag.int32:
        this.#at = at + 5
        return view.getInt32(at + 1)
      case tag.float64:
        this.#at = at + 9
        return view.getFloat64(at + 1)
      case tag.bigint64:
        this.#at = at + 9
        return view.getBigInt64(at + 1)
      case tag.latin1:
        return this.#text('latin1')
      case tag.utf16:
        return this.#text('utf16le')
      case tag.null:
        this.#at = at + 1
        return null
      case tag.undefined:
        this.#at = at + 1
        return undefined
      default:
        this.#at = at + 1
        return first === tag.true
    }
  }

  /** Reads the number at the next value's tag, and goes on behind it. */
  #size(): number {
    const size = this.#view.getUint32(this.#at + 1)
    this.#at += 5
    return size
  }

  #text(encoding: 'latin1' | 'utf16le'): string {
    const size = this.#size()
    const from = this.#at
    this.#at += size
    return this.#bytes.toString(encoding, from, from + size)
  }

  #array(): unknown[] {
    const array: unknown[] = []
    for (let left = this.#size(); left > 0; left--) array.push(this.#next())
    return array
  }

  #object(): object {
    const object: Record<string, unknown> = {}
    for (let left = this.#size(); left > 0; left--) {
      const from = this.#at + 1
      const length = this.#view.getUint8(from - 1) - tag.short
      if (length <= maxShort) {
        this.#at = from + length
        const key = readKey(this.#bytes, from, length)
        if (key.inherited) define(object, key.name, this.#next())
        else object[key.name] = this.#next()
      } else define(object, this.#next() as string, this.#next())
    }
    return object
  }
}

function define(object: object, key: string, value: unknown) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
