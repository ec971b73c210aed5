import { types } from 'node:util'

const { isProxy } = types
const { fromCharCode } = String
const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys } = Object
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
// biome-ignore lint/complexity/noBannedTypes: the one way to ask for a getter without making a descriptor
const lookupGetter = (Object.prototype as { __lookupGetter__?: Function }).__lookupGetter__ as Function

/** What a value begins with. A byte from `smallInt` on is a whole number by itself. */
const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  bigint64: 6,
  latin1: 7,
  utf16: 8,
  array: 9,
  object: 10,
  smallInt: 128,
} as const

/** Levels of arrays and objects. */
const maxDepth = 16
/** Strings up to this length are read and written faster character by character. */
const shortString = 24

/** The arrays and objects of the value being written. */
const seen: object[] = []

/**
 * Writes small values into memory and reads them from there, in the thread or in another one.
 *
 * What is read equals what structured clone would give.
 */
export class Codec {
  readonly #bytes: Buffer
  readonly #view: DataView
  #end = 0

  /** @param buffer the memory, shared or not */
  constructor(buffer: ArrayBufferLike) {
    this.#bytes = Buffer.from(buffer)
    this.#view = new DataView(buffer)
  }

  /**
   * Writes `value` at `start`, not beyond `end` (bytes).
   *
   * @returns the offset behind it; -1 when it does not fit or is not of a kind it takes; then what is there is undefined
   */
  encode(value: unknown, start: number, end: number): number {
    this.#end = Math.min(end, this.#bytes.length)
    const at = this.#write(value, start, 0)
    if (seen.length > 0) seen.length = 0
    return at
  }

  /** The value that `encode` wrote at `start`. */
  decode(start: number): unknown {
    return this.#read(start)
  }

  #write(value: unknown, at: number, depth: number): number {
    switch (typeof value) {
      case 'number':
        return this.#writeNumber(value, at)
      case 'string':
        return this.#writeString(value, at)
      case 'object':
        if (value === null) return this.#writeTag(tag.null, at)
        if (depth === maxDepth || isProxy(value) || seen.includes(value)) return -1
        seen.push(value)
        if (Array.isArray(value)) return this.#writeArray(value, at, depth + 1)
        return getPrototypeOf(value) === objectPrototype ? this.#writeObject(value, at, depth + 1) : -1
      case 'undefined':
        return this.#writeTag(tag.undefined, at)
      case 'boolean':
        return this.#writeTag(value ? tag.true : tag.false, at)
      case 'bigint':
        if (at + 9 > this.#end || BigInt.asIntN(64, value) !== value) return -1
        this.#bytes[at] = tag.bigint64
        this.#view.setBigInt64(at + 1, value)
        return at + 9
      default:
        return -1
    }
  }

  #writeTag(tag: number, at: number): number {
    if (at >= this.#end) return -1
    this.#bytes[at] = tag
    return at + 1
  }

  #writeNumber(value: number, at: number): number {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value < 128) return this.#writeTag(tag.smallInt + value, at)
      if (at + 5 > this.#end) return -1
      this.#bytes[at] = tag.int32
      this.#view.setInt32(at + 1, value)
      return at + 5
    }
    if (at + 9 > this.#end) return -1
    this.#bytes[at] = tag.float64
    this.#view.setFloat64(at + 1, value)
    return at + 9
  }

  #writeString(value: string, at: number): number {
    const { length } = value
    const from = at + 5
    const bytes = this.#bytes
    if (from + length > this.#end) return -1
    this.#view.setUint32(at + 1, length)
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 255) {
        if (from + 2 * length > this.#end) return -1
        bytes[at] = tag.utf16
        bytes.write(value, from, 2 * length, 'utf16le')
        return from + 2 * length
      }
      bytes[from + i] = code
    }
    bytes[at] = tag.latin1
    return from + length
  }

  #writeArray(value: unknown[], at: number, depth: number): number {
    const { length } = value
    if (getPrototypeOf(value) !== arrayPrototype || at + 5 + length > this.#end) return -1
    // Integer keys come first, in order: with as many keys as elements, the last one tells that there are no others.
    const names = keys(value)
    if (names.length !== length || (length > 0 && names[length - 1] !== String(length - 1))) return -1
    this.#bytes[at] = tag.array
    this.#view.setUint32(at + 1, length)
    let next = at + 5
    for (let i = 0; i < length && next !== -1; i++) {
      if (lookupGetter.call(value, i) !== undefined) return -1
      next = this.#write(value[i], next, depth)
    }
    return next
  }

  #writeObject(value: object, at: number, depth: number): number {
    if (at + 5 > this.#end) return -1
    let count = 0
    let next = at + 5
    for (const key in value) {
      const descriptor = getOwnPropertyDescriptor(value, key)
      if (descriptor === undefined) continue
      if (key === '__proto__' || (descriptor.value === undefined && !hasOwn(descriptor, 'value'))) return -1
      next = this.#writeString(key, next)
      if (next === -1) return -1
      next = this.#write(descriptor.value, next, depth)
      if (next === -1) return -1
      count++
    }
    this.#bytes[at] = tag.object
    this.#view.setUint32(at + 1, count)
    return next
  }

  /** Where reading goes on. */
  #at = 0

  #read(start: number): unknown {
    const view = this.#view
    const kind = view.getUint8(start)
    if (kind >= tag.smallInt) {
      this.#at = start + 1
      return kind - tag.smallInt
    }
    switch (kind) {
      case tag.int32:
        this.#at = start + 5
        return view.getInt32(start + 1)
      case tag.float64:
        this.#at = start + 9
        return view.getFloat64(start + 1)
      case tag.bigint64:
        this.#at = start + 9
        return view.getBigInt64(start + 1)
      case tag.latin1: {
        const from = start + 5
        const end = from + view.getUint32(start + 1)
        this.#at = end
        if (end - from > shortString) return this.#bytes.toString('latin1', from, end)
        let text = ''
        for (let i = from; i < end; i++) text += fromCharCode(view.getUint8(i))
        return text
      }
      case tag.utf16: {
        const end = start + 5 + 2 * view.getUint32(start + 1)
        this.#at = end
        return this.#bytes.toString('utf16le', start + 5, end)
      }
      case tag.array: {
        const length = view.getUint32(start + 1)
        const array: unknown[] = []
        this.#at = start + 5
        for (let i = 0; i < length; i++) array.push(this.#read(this.#at))
        return array
      }
      case tag.object: {
        const object: Record<string, unknown> = {}
        let count = view.getUint32(start + 1)
        this.#at = start + 5
        for (; count > 0; count--) {
          const key = this.#read(this.#at) as string
          object[key] = this.#read(this.#at)
        }
        return object
      }
      case tag.null:
        this.#at = start + 1
        return null
      default:
        this.#at = start + 1
        return kind === tag.undefined ? undefined : kind === tag.true
    }
  }
}
