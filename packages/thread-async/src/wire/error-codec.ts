import { inspect } from 'node:util'
import { findErrorClass } from '@fosen/shared-memory'
import { expectCaller } from '../caller-stack.ts'

/** An error, or whatever was thrown, as it crosses to another thread. */
export type WireError =
  | { readonly type: 'value'; readonly value: unknown }
  | {
      readonly type: 'error'
      /** Names of the classes it is an instance of, nearest first. */
      readonly classes: readonly string[]
      readonly message: string
      readonly stack: string | undefined
      /** Own properties, `name` and `code` among them. */
      readonly properties: readonly (readonly [key: string, value: unknown])[]
      /** Keys of registered symbols, nearest first: the marks by which classes recognise their errors. */
      readonly marks: readonly string[]
      /** The errors that it refers to, by the name of the property: its cause, and those of a SuppressedError. */
      readonly linked?: readonly (readonly [key: string, error: WireError])[]
      /** Those of an AggregateError. */
      readonly errors?: readonly WireError[]
    }

/** How many errors are sent with what they refer to; the rest is cut. */
const most = 64
/** Own properties that are sent in a way of their own. */
const apart = new Set(['message', 'stack', 'cause', 'errors', 'error', 'suppressed'])

/** What is sent in the place of an error: it can be cloned, whatever the error holds. */
export function encodeError(error: unknown): WireError {
  try {
    return encode(error, new Set())
  } catch (failure) {
    // Its own getters throw, or hold what they never should.
    return { type: 'value', value: new Error(`an error that cannot be read: ${failure}`) }
  }
}

/** @param seen errors that are sent with what they refer to: once each, also when they refer to each other */
function encode(error: unknown, seen: Set<unknown>): WireError {
  if (!(error instanceof Error)) return { type: 'value', value: cloneable(() => error) }
  const properties = Object.getOwnPropertyNames(error)
    .filter(key => !apart.has(key))
    .map(key => [key, cloneable(() => error[key as keyof Error])] as const)
  // A class may give the name from its prototype.
  if (!Object.hasOwn(error, 'name')) properties.push(['name', textOf(() => error.name)])
  const wire = {
    type: 'error' as const,
    classes: classesOf(error),
    message: textOf(() => error.message) ?? 'the message of this error cannot be read',
    stack: textOf(() => error.stack),
    properties,
    marks: marksOf(error),
  }
  if (seen.size >= most || seen.has(error)) return wire
  seen.add(error)
  const { errors } = error as Partial<AggregateError>
  return {
    ...wire,
    linked: ['cause', 'error', 'suppressed']
      .filter(key => Object.hasOwn(error, key))
      .map(key => [key, encode(error[key as keyof Error], seen)] as const),
    ...(Array.isArray(errors) ? { errors: errors.map(each => encode(each, seen)) } : {}),
  }
}

/**
 * The error again: of the nearest of its classes that is known here, by its mark or as JavaScript's own, with the stack
 * of the thread that threw it, to which that of whoever gets it is added. No constructor of a class of the user's runs.
 */
export function decodeError(wire: WireError): unknown {
  return expectCaller(decode(wire))
}

function decode(wire: WireError): unknown {
  if (wire.type === 'value') return wire.value
  const error = construct(wire)
  const Known = wire.marks.map(findErrorClass).find(Class => Class !== undefined)
  if (Known) Object.setPrototypeOf(error, Known.prototype)
  for (const [key, linked] of wire.linked ?? []) {
    Object.defineProperty(error, key, { ...hidden, value: decode(linked) })
  }
  for (const mark of wire.marks) {
    if (!(Symbol.for(mark) in error)) Object.defineProperty(error, Symbol.for(mark), { ...hidden, value: true })
  }
  for (const [key, value] of wire.properties) {
    if (key === 'name' && error.name === value) continue
    const descriptor = { configurable: true, writable: true, value, enumerable: key !== 'name' }
    Object.defineProperty(error, key, descriptor)
  }
  Object.defineProperty(error, 'stack', { ...hidden, value: wire.stack })
  return error
}

const hidden = { configurable: true, writable: true, enumerable: false }

function construct({ classes, message, properties, errors }: Extract<WireError, { type: 'error' }>): Error {
  for (const name of classes) {
    if (name === 'DOMException') return new DOMException(message, nameOf(properties))
    const Class: unknown = (globalThis as Record<string, unknown>)[name]
    if (Class === AggregateError) return new AggregateError(errors?.map(decode) ?? [], message)
    if (Class === Error || (typeof Class === 'function' && Class.prototype instanceof Error)) {
      return Reflect.construct(Error, [message], Class as ErrorConstructor)
    }
  }
  return new Error(message)
}

const nameOf = (properties: readonly (readonly [string, unknown])[]) =>
  String(properties.find(([key]) => key === 'name')?.[1])

function classesOf(error: Error): string[] {
  const names: string[] = []
  for (let each = Object.getPrototypeOf(error); each !== null; each = Object.getPrototypeOf(each)) {
    if (typeof each.constructor === 'function') names.push(each.constructor.name)
  }
  return names
}

/** The keys of registered symbols on the error and its prototypes. */
function marksOf(error: Error): string[] {
  const marks: string[] = []
  for (let each: object | null = error; each !== null; each = Object.getPrototypeOf(each)) {
    marks.push(...Object.getOwnPropertySymbols(each).flatMap(symbol => Symbol.keyFor(symbol) ?? []))
  }
  return marks
}

/** What `read` gives as text; undefined when it is none, or cannot be read. */
function textOf(read: () => unknown): string | undefined {
  try {
    const value = read()
    return value === undefined ? undefined : String(value)
  } catch {
    return undefined
  }
}

/** What `read` gives, or a description of it where it cannot be cloned or read. */
function cloneable(read: () => unknown): unknown {
  let value: unknown
  try {
    value = read()
    structuredClone(value)
    return value
  } catch {
    return inspect(value)
  }
}
