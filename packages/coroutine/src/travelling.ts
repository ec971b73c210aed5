import { RuntimeError } from './errors.ts'
import { HandDrivenCoroutine } from './hand-driven-coroutine.ts'
import { type Origin, origin } from './origin.ts'
import { standIn } from './stand-in.ts'

interface Travelling extends Origin {
  /** Whether it was here that the body has begun. */
  here?: boolean
}

/** Has a function's coroutines know the function and the arguments they were made of, and whether they have begun. */
export function travelling<A extends unknown[]>(fn: (...args: A) => Generator): (...args: A) => Generator {
  class TravellingCoroutine extends HandDrivenCoroutine<unknown, unknown, unknown> {
    declare readonly [origin]?: Travelling

    override next(value?: unknown) {
      const made = this[origin]
      if (made && !made.here) {
        if (made.started)
          throw new RuntimeError(`the coroutine of ${fn.name} was sent to another thread, and runs there`)
        begin(made)
      }
      return super.next(value)
    }

    // One that was ended before its body began must not begin elsewhere.

    override return(value: unknown) {
      begin(this[origin])
      return super.return(value)
    }

    override throw(error: unknown) {
      begin(this[origin])
      return super.throw(error)
    }
  }
  fn.prototype = TravellingCoroutine.prototype

  return standIn(fn, function (this: unknown, ...args: A) {
    return Object.defineProperty(fn.apply(this, args), origin, { value: { fn, args, started: false } })
  })
}

function begin(made: Travelling | undefined) {
  if (made) made.started = made.here = true
}
