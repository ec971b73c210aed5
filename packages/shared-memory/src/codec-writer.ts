import { types } from 'node:util'
import { writeLatin1 } from './codec-latin1.ts'
import { maxShort, tag } from './codec-tag.ts'

const { isProxy } = types
const { getOwnPropertyDescriptor, getPrototypeOf, keys } = Object
const arrayPrototype = Array.prototype
const objectPrototype = Object.prototype
const { __lookupGetter__: lookupGetter } = objectPrototype as unknown as { __lookupGetter__(key: number): unknown }

/** Levels of arrays and objects. */
const maxDepth = 16

/** So many objects are looked through faster than a set. */
const few = 32

/** Writes values. It looks into them in ways that run nobody's code: no getter, no trap of a proxy. */
export class Writer {
  readonly #bytes: Buffer
  readonly #view: DataView
  #end = 0
  /** The arrays and objects that this value has so far: the first few, how many these are, and all others. */
  readonly #first = new Array<unknown>(few).fill(undefined)
  #count = 0
  readonly #others = new Set<unknown>()

  constructor(bytes: Buffer, view: DataView) {
    this.#bytes = bytes
    this.#view = view
  }

  write(value: unknown, start: number, end: number): number {
    this.#end = end
    try {
      return this.#value(value, start, 0)
    } finally {
      this.#forget()
    }
  }

  /** Writes the elements as an array, without a look at the list itself. */
  writeList(list: readonly unknown[], start: number, end: number): number {
    this.#end = end
    try {
      return this.#elements(list, start, 1)
    } finally {
      this.#forget()
    }
  }

  #value(value: unknown, at: number, depth: number): number {
    switch (typeof value) {
      case 'number':
        return this.#number(value, at)
      case 'string':
        return this.#text(value, at)
      case 'object':
        if (value === null) return this.#tag(tag.null, at)
        if (depth === maxDepth || isProxy(value) || !this.#isNew(value)) return -1
        return Array.isArray(value) ? this.#array(value, at, depth + 1) : this.#object(value, at, depth + 1)
      case 'undefined':
        return this.#tag(tag.undefined, at)
      case 'boolean':
        return this.#tag(value ? tag.true : tag.false, at)
      case 'bigint':
        if (at + 9 > this.#end || BigInt.asIntN(64, value) !== value) return -1
        this.#bytes[at] = tag.bigint64
        this.#view.setBigInt64(at + 1, value)
        return at + 9
      default:
        return -1
    }
  }

  #isNew(value: object): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#first[i] === value) return false
    if (this.#count === few) return this.#others.size < this.#others.add(value).size
    this.#first[this.#count++] = value
    return true
  }

  #forget() {
    while (this.#count > 0) this.#first[--this.#count] = undefined
    if (this.#others.size > 0) this.#others.clear()
  }

  #tag(tag: number, at: number): number {
    if (at >= this.#end) return -1
    this.#bytes[at] = tag
    return at + 1
  }

  /** Writes a tag and the size behind it; there is room. */
  #sized(tag: number, size: number, at: number): number {
    this.#bytes[at] = tag
    this.#view.setUint32(at + 1, size)
    return at + 5
  }

  #number(value: number, at: number): number {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value < tag.short) return this.#tag(value, at)
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

  #text(text: string, at: number): number {
    const { length } = text
    const short = length <= maxShort
    const from = short ? at + 1 : at + 5
    if (from + length > this.#end) return -1
    if (writeLatin1(this.#bytes, text, from)) {
      if (short) this.#bytes[at] = tag.short + length
      else this.#sized(tag.latin1, length, at)
      return from + length
    }
    const size = 2 * length
    if (at + 5 + size > this.#end) return -1
    this.#bytes.write(text, this.#sized(tag.utf16, size, at), size, 'utf16le')
    return at + 5 + size
  }

  #array(array: unknown[], at: number, depth: number): number {
    const { length } = array
    if (at + 5 + length > this.#end || getPrototypeOf(array) !== arrayPrototype) return -1
    // The keys of elements come first, and in order: none is missing and no other one there if the last is at its place.
    const names = keys(array)
    if (names.length !== length || (length > 0 && names[length - 1] !== String(length - 1))) return -1
    for (let i = 0; i < length; i++) if (lookupGetter.call(array, i) !== undefined) return -1
    return this.#elements(array, at, depth)
  }

  #elements(array: readonly unknown[], at: number, depth: number): number {
    const { length } = array
    if (at + 5 > this.#end) return -1
    let next = this.#sized(tag.array, length, at)
    for (let i = 0; i < length && next !== -1; i++) next = this.#value(array[i], next, depth)
    return next
  }

  #object(object: object, at: number, depth: number): number {
    if (at + 5 > this.#end || getPrototypeOf(object) !== objectPrototype) return -1
    let count = 0
    let next = at + 5
    for (const key in object) {
      const property = getOwnPropertyDescriptor(object, key)
      if (property === undefined) continue // inherited
      if (property.get !== undefined || property.set !== undefined || key === '__proto__') return -1
      if (count === 0 && key === '0' && isExotic(object)) return -1
      next = this.#text(key, next)
      if (next === -1) return -1
      next = this.#value(property.value, next, depth)
      if (next === -1) return -1
      count++
    }
    if (count === 0 && isExotic(object)) return -1
    this.#sized(tag.object, count, at)
    return next
  }
}

/**
 * Whether structured clone takes it for something else than a plain object, whatever its prototype: `arguments`, and
 * built-in objects whose prototype was changed. They have elements, or no properties.
 */
function isExotic(object: object): boolean {
  return (
    types.isArgumentsObject(object) ||
    types.isBoxedPrimitive(object) ||
    types.isDate(object) ||
    types.isRegExp(object) ||
    types.isNativeError(object) ||
    types.isMap(object) ||
    types.isSet(object) ||
    types.isWeakMap(object) ||
    types.isWeakSet(object) ||
    types.isPromise(object) ||
    types.isAnyArrayBuffer(object) ||
    ArrayBuffer.isView(object)
  )
}
