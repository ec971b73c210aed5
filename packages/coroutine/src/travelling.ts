import { Coroutine } from './coroutine-object.ts'
import { RuntimeError } from './errors.ts'
import { origin } from './origin.ts'
import { suspended } from './state.ts'

/** A coroutine of a portable function: it begins once, here or in another thread, and its origin knows whether it has. */
class TravellingCoroutine extends Coroutine<unknown, unknown, unknown> {
  override next(value?: unknown) {
    const made = this[origin]
    if (made?.started && this[suspended] === undefined) {
      throw new RuntimeError(`the coroutine of ${made.fn.name} was sent to another thread, and runs there`)
    }
    if (made) made.started = true
    return super.next(value)
  }

  override return(value: unknown) {
    if (this[origin]) this[origin].started = true
    return super.return(value)
  }

  override throw(error: unknown) {
    if (this[origin]) this[origin].started = true
    return super.throw(error)
  }
}

/** Has a function's coroutines know the function and the arguments they were made of. */
export function travelling<A extends unknown[]>(fn: (...args: A) => Generator): (...args: A) => Generator {
  fn.prototype = TravellingCoroutine.prototype
  const call = (...args: A) => Object.defineProperty(fn(...args), origin, { value: { fn, args, started: false } })
  return Object.defineProperty(call, 'name', { value: fn.name })
}
