const marker = Symbol.for('fosen.coroutine.StopIteration')

/**
 * Thrown by `next` and `send` when the coroutine has ended; `value` is what it returned.
 *
 * `for…of`, spreading and the rest of JavaScript's iteration protocol end quietly and never show it.
 *
 * @see https://docs.python.org/3/library/exceptions.html#StopIteration
 */
export class StopIteration<R = unknown> extends Error {
  readonly [marker] = true
  override readonly name = 'StopIteration'
  /** What the coroutine returned; undefined when it had ended before. */
  readonly value: R

  constructor(value: R) {
    super('the coroutine has ended')
    this.value = value
  }

  /** Recognises the errors of every copy of this package. */
  static override [Symbol.hasInstance](error: unknown): error is StopIteration {
    // A subclass inherits this method, but not every StopIteration is one of the subclass.
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked
    if (this !== StopIteration) return Function.prototype[Symbol.hasInstance].call(this, error)
    return typeof error === 'object' && error !== null && marker in error
  }
}
