import { types } from 'node:util'

/** A part of a value that is no data. */
export interface Foreign {
  /** Where it is, as it is written after the value: `.steps[3]`; empty when it is the value itself. */
  readonly path: string
  /** `a function` */
  readonly what: string
}

/**
 * Finds the first part of a value that is not of JavaScript's own kinds of data: functions, symbols, instances of classes,
 * and what has no meaning without the memory of this thread. Of an instance only its properties would arrive, and of some
 * not even these.
 */
export function findForeign(value: unknown): Foreign | undefined {
  return new Search().visit(value, '')
}

class Search {
  readonly #seen = new Set<object>()

  visit(value: unknown, path: string): Foreign | undefined {
    if (typeof value === 'function') return { path, what: 'a function' }
    if (typeof value === 'symbol') return { path, what: String(value) }
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return undefined
    this.#seen.add(value)
    const what = foreignKind(value)
    if (what) return { path, what }
    for (const [inner, part] of partsOf(value)) {
      const found = this.visit(part, path + inner)
      if (found) return found
    }
    return undefined
  }
}

function foreignKind(value: object): string | undefined {
  if (types.isProxy(value)) return 'a Proxy'
  if (types.isSharedArrayBuffer(value)) return 'a SharedArrayBuffer: pass it to the thread itself'
  if (ArrayBuffer.isView(value) && types.isSharedArrayBuffer(value.buffer)) {
    return 'a view of a SharedArrayBuffer: pass it to the thread itself'
  }
  if (isOwnKind(value)) return undefined
  const prototype = Object.getPrototypeOf(value)
  // So that objects of another realm are data too.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined
  const name: unknown = prototype.constructor?.name
  return `an instance of ${typeof name === 'string' && name !== '' ? name : 'a class'}`
}

const isOwnKind = (value: object) =>
  Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isNativeError(value) || isLeaf(value)

const isLeaf = (value: object) =>
  types.isArrayBuffer(value) ||
  ArrayBuffer.isView(value) ||
  types.isDate(value) ||
  types.isRegExp(value) ||
  types.isBoxedPrimitive(value)

/** What is serialized of an object, and how it is reached. */
function* partsOf(value: object): Generator<[path: string, part: unknown]> {
  if (types.isMap(value)) {
    let i = 0
    for (const [key, held] of value) {
      yield [`.keys()[${i}]`, key]
      yield [typeof key === 'string' ? `.get(${JSON.stringify(key)})` : `.values()[${i}]`, held]
      i++
    }
  } else if (types.isSet(value)) {
    let i = 0
    for (const held of value) yield [`.values()[${i++}]`, held]
  } else if (types.isNativeError(value)) {
    if (Object.hasOwn(value, 'cause')) yield ['.cause', value.cause]
  } else if (!isLeaf(value)) {
    for (const key of Object.keys(value)) yield [pathTo(value, key), value[key as keyof object]]
  }
}

const pathTo = (value: object, key: string) =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : Array.isArray(value) && /^\d+$/.test(key)
      ? `[${key}]`
      : `[${JSON.stringify(key)}]`
