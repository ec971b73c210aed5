import { Coroutine, generatorPrototype } from './coroutine-object.ts'
import type { CoroutineState } from './state.ts'

const { next, return: end, throw: raise } = generatorPrototype

/** Undefined before the coroutine begins, true while it waits at a `yield`, false while it runs and once it has ended. */
const suspended: unique symbol = Symbol('suspended') as never

/** Has each coroutine that notes its state, by inheritance. */
const notes: unique symbol = Symbol('notes') as never

/** Where an event loop keeps what coroutines yield to wait for it; registered, as this package imports no loop. */
const key = Symbol.for('fosen.suspension/1')
const globals = globalThis as { [key]?: { readonly suspend: object } }

/**
 * A coroutine that notes its state at each step, until one of the same function has a task or waits for an event loop.
 *
 * A loop steps coroutines by the million, and hardly anybody asks for the state of those. So they get JavaScript's own
 * methods back: in a chain of `yield*` a note costs as much as a step.
 *
 * Each function's coroutines inherit from a prototype of their own, which inherits from this class's.
 */
export class HandDrivenCoroutine<Y, R, N> extends Coroutine<Y, R, N> {
  declare [suspended]?: boolean

  override get state(): CoroutineState {
    if (this[suspended] === undefined) return 'CORO_CREATED'
    if (this[suspended]) return 'CORO_SUSPENDED'
    try {
      // Runs nothing: one that runs refuses, and one that has ended stays so.
      next.call(this)
      return 'CORO_CLOSED'
    } catch {
      return 'CORO_RUNNING'
    }
  }

  override next(value?: N): IteratorResult<Y, R> {
    this[suspended] = false
    const step = next.call(this, value)
    if (!step.done) {
      this[suspended] = true
      if (typeof step.value === 'object' && step.value === globals[key]?.suspend) leaveToLoop(this)
    }
    return step as IteratorResult<Y, R>
  }

  override return(value: R): IteratorResult<Y, R> {
    this[suspended] = false
    const step = end.call(this, value)
    if (!step.done) this[suspended] = true
    return step as IteratorResult<Y, R>
  }

  override throw(error: unknown): IteratorResult<Y, R> {
    this[suspended] = false
    const step = raise.call(this, error)
    if (!step.done) this[suspended] = true
    return step as IteratorResult<Y, R>
  }
}

Object.defineProperty(HandDrivenCoroutine.prototype, notes, { value: true })

/**
 * For event loops: has all coroutines of the function that made this one stepped by JavaScript's own methods.
 *
 * Their `state` stays right, as V8 is asked for it.
 *
 * @param coroutine any generator; only those of `coroutine` have other methods
 */
export function leaveToLoop(coroutine: Iterator<unknown, unknown, never>): void {
  // Most are left already, and to ask for their prototypes takes longer.
  if (!(coroutine as { [notes]?: true })[notes]) return
  const own = Object.getPrototypeOf(coroutine)
  // A yield* keeps the method that it has begun with, and comes here again.
  if (Object.getPrototypeOf(own) === HandDrivenCoroutine.prototype) Object.setPrototypeOf(own, Coroutine.prototype)
}
