import { types } from 'node:util'
import { MessagePort } from 'node:worker_threads'

/** The part of a value that structured clone refuses. */
export interface Culprit {
  /** Where it is, as it is written after the value: `.options[3]`; empty when it is the value itself. */
  readonly path: string
  /** What is wrong there: `is a function`. */
  readonly fault: string
  /** The outermost object of a class that it is in: what that holds may be none of the user's doing. */
  readonly holder?: { readonly path: string; readonly name: string }
}

/** How many parts of a value are looked at: a huge one is not worth more. */
const patience = 2 ** 17
/** As what part of that it counts to see whether an object can be cloned. */
const cloning = 2 ** 10
/** How deep: a path that is longer helps nobody. */
const deepest = 200
/** In bytes; a larger buffer is not copied to see whether it can be. */
const largest = 2 ** 20

/**
 * Finds the first part of a value that structured clone refuses, in the order in which structured clone reads it.
 *
 * @param moved what is in the transfer list: that is not cloned
 * @returns undefined when none is found in time, or the value does not let itself be searched
 */
export function findCulprit(value: unknown, moved: readonly unknown[]): Culprit | undefined {
  try {
    return new Search(moved).find(value)
  } catch {
    return undefined
  }
}

class Search {
  readonly #moved: ReadonlySet<unknown>
  #steps = 0
  /** What was come across, and whether a trial with it tells nothing: it leads to what is searched still, or is moved. */
  readonly #vague = new Map<object, boolean>()
  /** Objects of classes in which nothing was found: they may be refused themselves. The innermost come first. */
  readonly #suspects: { readonly value: object; readonly path: string }[] = []

  constructor(moved: readonly unknown[]) {
    this.#moved = new Set(moved)
  }

  find(value: unknown): Culprit | undefined {
    const found = this.#visit(value, '', 0)
    if (found) return found
    const refused = this.#suspects.filter(({ value }) => !this.#clones(value))
    const suspect = refused.find(({ value }) => !this.#vague.get(value)) ?? refused[0]
    return suspect && { path: suspect.path, fault: `is ${nameOf(suspect.value)}` }
  }

  #visit(value: unknown, path: string, depth: number): Culprit | undefined {
    if (typeof value === 'function') return { path, fault: 'is a function' }
    if (typeof value === 'symbol') return { path, fault: `is ${String(value)}` }
    if (typeof value !== 'object' || value === null || this.#vague.has(value)) return undefined
    this.#vague.set(value, true)
    if (this.#moved.has(value)) return undefined
    const fault = faultOf(value)
    if (fault) return { path, fault }
    let vague = types.isArrayBuffer(value) && value.byteLength > largest
    for (const part of partsOf(value)) {
      if (depth === deepest || ++this.#steps > patience) return undefined
      const inner = path + part.path
      let read: unknown
      try {
        read = part.read()
      } catch (error) {
        return { path: inner, fault: `cannot be read: ${String(error)}` }
      }
      const found = this.#visit(read, inner, depth + 1)
      // Some classes of Node's clone in a way of their own, whatever their objects hold.
      if (found && !(isInstance(value) && this.#clones(value))) {
        return isInstance(value) ? { ...found, holder: { path, name: nameOf(value) } } : found
      }
      vague ||= typeof read === 'object' && read !== null && this.#vague.get(read) === true
    }
    this.#vague.set(value, vague)
    if (isInstance(value)) this.#suspects.push({ value, path })
    return undefined
  }

  #clones(value: object): boolean {
    this.#steps += cloning
    if (this.#steps > patience) return true
    try {
      structuredClone(value)
      return true
    } catch {
      return false
    }
  }
}

/** What makes structured clone refuse the object itself, where that can be seen. */
function faultOf(value: object): string | undefined {
  if (types.isProxy(value)) return 'is a Proxy'
  if (types.isAnyArrayBuffer(value)) return isDetached(value) ? `is ${nameOf(value)}, moved before` : undefined
  if (ArrayBuffer.isView(value)) return isDetached(value.buffer) ? `is ${nameOf(value)}, moved before` : undefined
  if (onlyMoved().some(Class => value instanceof Class)) return `is ${nameOf(value)} that is not in the transfer list`
  return neverCloned.some(is => is(value)) ? `is ${nameOf(value)}` : undefined
}

/** Asked for when they are needed: to load streams would be a good part of what a thread takes to start. */
const onlyMoved = () => [MessagePort, ReadableStream, WritableStream, TransformStream]

const neverCloned: readonly ((value: object) => boolean)[] = [
  types.isPromise,
  types.isWeakMap,
  types.isWeakSet,
  types.isSymbolObject,
  types.isGeneratorObject,
  types.isModuleNamespaceObject,
  value => value instanceof WeakRef,
]

const isDetached = (buffer: ArrayBufferLike) => buffer instanceof ArrayBuffer && buffer.detached

interface Part {
  readonly path: string
  readonly read: () => unknown
}

/** What structured clone reads of an object. */
function* partsOf(value: object): Generator<Part> {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) yield { path: `[${i}]`, read: () => value[i] }
  } else if (types.isMap(value)) {
    let i = 0
    for (const [key, held] of value) {
      yield { path: `.keys()[${i}]`, read: () => key }
      yield { path: typeof key === 'string' ? `.get(${JSON.stringify(key)})` : `.values()[${i}]`, read: () => held }
      i++
    }
  } else if (types.isSet(value)) {
    let i = 0
    for (const held of value) yield { path: `.values()[${i++}]`, read: () => held }
  } else if (types.isNativeError(value)) {
    if (Object.hasOwn(value, 'cause')) yield { path: '.cause', read: () => value.cause }
  } else if (!isLeaf(value)) {
    for (const key of Object.keys(value)) yield { path: pathTo(key), read: () => value[key as keyof object] }
  }
}

const isLeaf = (value: object) =>
  types.isAnyArrayBuffer(value) ||
  ArrayBuffer.isView(value) ||
  types.isDate(value) ||
  types.isRegExp(value) ||
  types.isBoxedPrimitive(value)

/** Whether the object is of a class that is not one of those which structured clone always takes. */
function isInstance(value: object): boolean {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isNativeError(value)) return false
  if (isLeaf(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype !== null && Object.getPrototypeOf(prototype) !== null
}

const pathTo = (key: string) =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`

/** `a Socket`, whatever the object does to hide it. */
function nameOf(value: object): string {
  const given: unknown = readOr(undefined, () => value.constructor.name)
  const tag = () => Object.prototype.toString.call(value).slice('[object '.length, -1)
  const name = typeof given === 'string' && given !== '' ? given : readOr('object', tag)
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
