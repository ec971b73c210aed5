type ErrorClass = new (...args: never[]) => Error

const registryKey = Symbol.for('fosen.error-class/1')
const globals = globalThis as { [registryKey]?: Map<string, ErrorClass> }
globals[registryKey] ??= new Map()
const registry = globals[registryKey]

/**
 * Makes a class of errors recognisable wherever its errors come from: another copy of the package, or another thread.
 *
 * `instanceof` goes by a registered symbol on the prototype instead of by the prototype itself; subclasses keep the
 * ordinary `instanceof`. Errors take their `name` from here too.
 *
 * An error that comes from another thread has the methods and getters of the class when its module is imported here: it
 * gets the prototype and its own properties, and no constructor runs. Private fields (`#limit`) do not come along.
 *
 * @param Class the class, which has no `name` of its own
 * @param key one for all copies of the class and for no other class: the package's name, a dot, and the errors' `name`
 * @throws TypeError when `Class` is no class of errors, or `key` no text
 * @example
 * ```ts
 * import { errorClass } from '@fosen/shared-memory'
 *
 * class QuotaError extends Error {
 *   static {
 *     errorClass(QuotaError, 'my-package.QuotaError')
 *   }
 * }
 * console.log(String(new QuotaError('too much')), new QuotaError() instanceof QuotaError)
 * ```
 * ```text
 * QuotaError: too much true
 * ```
 */
export function errorClass(Class: ErrorClass, key: string): void {
  if (typeof Class !== 'function' || !(Class.prototype instanceof Error)) {
    throw new TypeError(`a class that extends Error is needed, not ${Class === null ? 'null' : typeof Class}`)
  }
  if (typeof key !== 'string' || key === '')
    throw new TypeError(`a key is a text that is not empty, not ${String(key)}`)
  const mark = Symbol.for(key)
  const name = key.slice(key.lastIndexOf('.') + 1)
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(Class.prototype, mark, { value: true })
  Object.defineProperty(Class, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      // A subclass inherits this method, but not every error of the class is one of the subclass.
      if (this !== Class) return Function.prototype[Symbol.hasInstance].call(this as () => void, value)
      return typeof value === 'object' && value !== null && mark in value
    },
  })
  registry.set(key, Class)
}

/** For who receives errors of other threads: the class that has the key here, of its copies the last one. */
export function findErrorClass(key: string): ErrorClass | undefined {
  return registry.get(key)
}
