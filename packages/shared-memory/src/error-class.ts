/**
 * Makes a class of errors recognisable wherever its errors come from: another copy of the package, or another thread.
 *
 * `instanceof` goes by a registered symbol on the prototype instead of by the prototype itself; subclasses keep the
 * ordinary `instanceof`. Errors take their `name` from here too.
 *
 * @param Class the class, which has no `name` of its own
 * @param key one for all copies of the class and for no other class: the package's name, a dot, and the errors' `name`
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
export function errorClass(Class: new (...args: never[]) => Error, key: string): void {
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
}
