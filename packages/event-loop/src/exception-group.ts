import { errorClass } from '@fosen/shared-memory'

/** A class whose instances are meant. */
type Class = abstract new (...args: never[]) => unknown

/** Which errors of a group are meant: those of a class, those of several, or those of which a function says so. */
export type ExceptionCondition = Class | readonly Class[] | ((error: unknown) => boolean)

/**
 * Several errors that were thrown at the same time, of which some may be groups themselves.
 *
 * It is an AggregateError: Node prints its errors below it.
 *
 * @example
 * ```ts
 * import { ExceptionGroup } from '@fosen/event-loop'
 *
 * const group = new ExceptionGroup('two went wrong', [new TypeError('no number'), new RangeError('too large')])
 * const [types, rest] = group.split(TypeError)
 * console.log(types?.exceptions.map(String))
 * console.log(rest?.exceptions.map(String))
 * ```
 * ```text
 * [ 'TypeError: no number' ]
 * [ 'RangeError: too large' ]
 * ```
 * @see https://docs.python.org/3/library/exceptions.html#ExceptionGroup
 */
export class ExceptionGroup extends AggregateError {
  static {
    errorClass(ExceptionGroup, 'fosen.ExceptionGroup')
  }

  /**
   * @param exceptions at least one; anything, as anything can be thrown
   * @throws TypeError when `message` is no text, or `exceptions` no array
   * @throws RangeError when `exceptions` is empty
   */
  constructor(message: string, exceptions: readonly unknown[], options?: ErrorOptions) {
    if (typeof message !== 'string') throw new TypeError(`a message is a text, not ${describe(message)}`)
    if (!Array.isArray(exceptions)) throw new TypeError(`exceptions are an array, not ${describe(exceptions)}`)
    if (exceptions.length === 0) throw new RangeError('a group has at least one exception, and the array is empty')
    super(exceptions, message, options)
  }

  /** The errors, in the order in which they were given. */
  get exceptions(): readonly unknown[] {
    return this.errors
  }

  /**
   * The group without the errors that the condition does not mean, and with their groups around those that it means.
   *
   * @returns the group itself when the condition means it, undefined when it means none of its errors
   * @throws TypeError when `condition` is none
   */
  subgroup(condition: ExceptionCondition): ExceptionGroup | undefined {
    return this.split(condition)[0]
  }

  /**
   * What `subgroup` gives, and the group of the errors that are left.
   *
   * Both have the `cause` and the stack of this group.
   *
   * @throws TypeError when `condition` is none
   */
  split(condition: ExceptionCondition): [matched: ExceptionGroup | undefined, rest: ExceptionGroup | undefined] {
    const means = predicateOf(condition)
    if (means(this)) return [this, undefined]
    const matched: unknown[] = []
    const rest: unknown[] = []
    for (const each of this.exceptions) {
      if (each instanceof ExceptionGroup) {
        const [inner, others] = each.split(means)
        if (inner) matched.push(inner)
        if (others) rest.push(others)
      } else if (means(each)) matched.push(each)
      else rest.push(each)
    }
    return [partOf(this, matched), partOf(this, rest)]
  }

  /** A group like this one, of other errors: what a subclass overrides, so that its parts are of the subclass too. */
  derive(exceptions: readonly unknown[]): ExceptionGroup {
    return new ExceptionGroup(this.message, exceptions)
  }
}

// Not a private method: a group that comes from another thread was not made by the constructor, and has none.
function partOf(whole: ExceptionGroup, exceptions: readonly unknown[]): ExceptionGroup | undefined {
  if (exceptions.length === 0) return undefined
  const group = whole.derive(exceptions)
  if (!(group instanceof ExceptionGroup)) throw new TypeError(`derive gives an ExceptionGroup, not ${describe(group)}`)
  for (const key of ['cause', 'stack'] as const) {
    if (!Object.hasOwn(whole, key)) continue
    Object.defineProperty(group, key, { configurable: true, writable: true, value: whole[key] })
  }
  return group
}

function predicateOf(condition: ExceptionCondition): (error: unknown) => boolean {
  if (isClass(condition)) return error => error instanceof condition
  if (typeof condition === 'function') return condition
  if (Array.isArray(condition) && condition.length > 0 && condition.every(isClass)) {
    return error => condition.some(each => error instanceof each)
  }
  throw new TypeError(`a class, an array of classes or a function is needed, not ${describe(condition)}`)
}

function isClass(value: unknown): value is Class {
  if (typeof value !== 'function') return false
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')
  // That of a function can be replaced, which is how classes were made before there was a word for them.
  return prototype !== undefined && (!prototype.writable || prototype.value instanceof Error)
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length === 0 ? 'nothing' : value.map(describe).join(', ')}`
  return value === null ? 'null' : typeof value
}
