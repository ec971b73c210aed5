import { checkFunction } from '../check-arguments.ts'
import { RuntimeError } from '../errors.ts'
import { currentContext, findContext, running } from '../loop/running-loop.ts'
import { shown } from '../shown.ts'
import type { ContextVar } from './context-var.ts'

type Values = ReadonlyMap<ContextVar<unknown>, unknown>
const empty: Values = new Map()

/**
 * What the context variables are set to; a task has one of its own, which begins as a copy of where it was created.
 *
 * Copies are cheap: the values are shared until one of both sets a variable.
 *
 * @example
 * ```ts
 * import { ContextVar, copyContext } from '@fosen/event-loop'
 *
 * const user = new ContextVar('user', { default: 'nobody' })
 * const context = copyContext()
 * context.run(() => user.set('Fosen'))
 * console.log(user.get(), context.get(user))
 * ```
 * ```text
 * nobody Fosen
 * ```
 * @see https://docs.python.org/3/library/contextvars.html#contextvars.Context
 */
export class Context {
  #values: Values
  #entered = false

  /** An empty one; what is set where it is made is what `copyContext` gives. */
  constructor(from?: Context) {
    this.#values = from === undefined ? empty : from.#values
  }

  copy(): Context {
    return new Context(this)
  }

  /**
   * Calls `fn` in this context: variables that it sets are set here, and nowhere else.
   *
   * @throws RuntimeError when the context has been entered already, and not left, as that of the task that runs is
   * @throws whatever `fn` throws
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    checkFunction('what is run', fn)
    if (this.#entered || findContext() === this) throw new RuntimeError('cannot enter context: it is already entered')
    const outer = running.context
    this.#entered = true
    running.context = this
    try {
      return fn(...args)
    } finally {
      this.#entered = false
      running.context = outer
    }
  }

  has(variable: ContextVar<unknown>): boolean {
    return this.#values.has(variable)
  }

  /** What the variable is set to here; undefined when it is not, whatever its default is. */
  get<T>(variable: ContextVar<T>): T | undefined {
    return this.#values.get(variable as ContextVar<unknown>) as T | undefined
  }

  /** How many variables are set. */
  get size(): number {
    return this.#values.size
  }

  /** The variables that are set, and what to. */
  [Symbol.iterator](): IterableIterator<[ContextVar<unknown>, unknown]> {
    return this.#values[Symbol.iterator]()
  }

  /** For ContextVar. */
  set(variable: ContextVar<unknown>, value: unknown): void {
    this.#values = new Map(this.#values).set(variable, value)
  }

  /** For ContextVar. */
  delete(variable: ContextVar<unknown>): void {
    const values = new Map(this.#values)
    values.delete(variable)
    this.#values = values
  }
}

/** @throws TypeError when it is neither a context nor undefined */
export function checkContext(context: Context | undefined): void {
  if (context === undefined || context instanceof Context) return
  throw new TypeError(`a Context is needed, not ${shown(context)}`)
}

/** A copy of the current context: that of the task or callback that runs, or else of the thread. */
export function copyContext(): Context {
  return new Context(currentContext())
}

/** As `copyContext`; undefined when the copy would be empty, and is to be made when it is needed. */
export function snapshotContext(): Context | undefined {
  const context = findContext()
  return context === undefined || context.size === 0 ? undefined : new Context(context)
}
