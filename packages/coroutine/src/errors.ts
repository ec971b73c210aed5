/** Has `instanceof` go by a registered symbol, so that it holds across copies of this package and across threads. */
function recognise(Class: new (...args: never[]) => Error, name: string, key: string) {
  const mark = Symbol.for(key)
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

/**
 * Thrown by `next`, `send` and `raise` when the coroutine has ended; `value` is what it returned.
 *
 * `for…of`, spreading and the rest of JavaScript's iteration protocol end quietly and never show it.
 *
 * @see https://docs.python.org/3/library/exceptions.html#StopIteration
 */
export class StopIteration<R = unknown> extends Error {
  /** What the coroutine returned; undefined when it had ended before. */
  readonly value: R

  constructor(value: R) {
    super('the coroutine has ended')
    this.value = value
  }

  static {
    recognise(StopIteration, 'StopIteration', 'fosen.coroutine.StopIteration')
  }
}

/**
 * Raised by `close` where the coroutine stands, which may clean up and return, and must not yield.
 *
 * A `catch` for all errors catches it too: throw it again.
 *
 * @see https://docs.python.org/3/library/exceptions.html#GeneratorExit
 */
export class GeneratorExit extends Error {
  static {
    recognise(GeneratorExit, 'GeneratorExit', 'fosen.coroutine.GeneratorExit')
  }
}

/** A coroutine that yields when it is to close, or that throws a StopIteration itself, which is then the `cause`. */
export class RuntimeError extends Error {
  static {
    // The key is that of every RuntimeError of fosen: `instanceof` holds for those of the event loop, and the reverse.
    recognise(RuntimeError, 'RuntimeError', 'fosen.RuntimeError')
  }
}
