import { RuntimeError } from '../errors.ts'
import { currentContext } from '../loop/running-loop.ts'
import type { Context } from './context.ts'

/** What `ContextVar.set` gives, and `reset` takes: what the variable was set to before. */
export class Token<T> {
  /** The `oldValue` of a variable that was not set. */
  static readonly MISSING: unique symbol = Symbol('Token.MISSING')

  readonly var: ContextVar<T>
  readonly context: Context
  /** What the variable was set to before, or MISSING. */
  readonly oldValue: T | typeof Token.MISSING
  /** Set by `reset`: a token is used once. */
  used = false

  constructor(variable: ContextVar<T>, context: Context, oldValue: T | typeof Token.MISSING) {
    this.var = variable
    this.context = context
    this.oldValue = oldValue
  }
}

/**
 * A variable with a value of its own in each task.
 *
 * @example
 * ```ts
 * import { coroutine } from '@fosen/coroutine'
 * import { ContextVar, EventLoop, gather, sleep } from '@fosen/event-loop'
 *
 * const request = new ContextVar<number>('request')
 * const log = () => console.log('in request', request.get())
 * const handle = coroutine(function* (id: number) {
 *   request.set(id)
 *   yield* sleep(1)
 *   log()
 * })
 *
 * const loop = new EventLoop()
 * await loop.runUntilComplete(gather([loop.createTask(handle(1)), loop.createTask(handle(2))]))
 * loop.close()
 * ```
 * ```text
 * in request 1
 * in request 2
 * ```
 * @see https://docs.python.org/3/library/contextvars.html#contextvars.ContextVar
 */
export class ContextVar<T> {
  readonly name: string
  readonly #default: { readonly value: T } | undefined

  /** @param options.default what `get` gives where the variable is not set */
  constructor(name: string, options?: { readonly default: T }) {
    if (typeof name !== 'string') throw new TypeError(`a context variable has a name, not ${String(name)}`)
    this.name = name
    this.#default = options && 'default' in options ? { value: options.default } : undefined
  }

  /**
   * What the variable is set to in the current context.
   *
   * @param fallback given in the place of the variable's default when it is not set
   * @throws ReferenceError when it is not set, and there is no default
   */
  get(...fallback: [fallback?: T]): T {
    const context = currentContext()
    if (context.has(this as ContextVar<unknown>)) return context.get(this) as T
    if (fallback.length > 0) return fallback[0] as T
    if (this.#default) return this.#default.value
    throw new ReferenceError(`the context variable ${this.name} is not set, and has no default`)
  }

  /** Sets the variable in the current context; gives what `reset` takes. */
  set(value: T): Token<T> {
    const context = currentContext()
    const oldValue = context.has(this as ContextVar<unknown>) ? (context.get(this) as T) : Token.MISSING
    context.set(this as ContextVar<unknown>, value)
    return new Token(this, context, oldValue)
  }

  /**
   * Sets the variable back to what it was before the `set` that gave `token`.
   *
   * @throws TypeError when it is no token
   * @throws RangeError when it is one of another variable, or was made in another context
   * @throws RuntimeError when it was used already
   */
  reset(token: Token<T>): void {
    if (!(token instanceof Token)) throw new TypeError(`a token of the context variable ${this.name} is needed`)
    if (token.used) throw new RuntimeError(`the token of ${token.var.name} has been used already`)
    if (token.var !== this) {
      throw new RangeError(`the token is of the context variable ${token.var.name}, and not of ${this.name}`)
    }
    const context = currentContext()
    if (token.context !== context) {
      throw new RangeError(`the token of ${this.name} was made in a different context`)
    }
    token.used = true
    if (token.oldValue === Token.MISSING) context.delete(this as ContextVar<unknown>)
    else context.set(this as ContextVar<unknown>, token.oldValue)
  }
}
