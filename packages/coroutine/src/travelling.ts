import type { Coroutine } from './coroutine-object.ts'
import { RuntimeError } from './errors.ts'
import { HandDrivenCoroutine } from './hand-driven-coroutine.ts'
import { origin, originOf } from './origin.ts'

/** Coroutines that know the function and the arguments they were made of, and whether they have begun. */
export function travelling<A extends unknown[]>(fn: (...args: A) => Generator): (...args: A) => Generator {
  /** One that was ended before its body began must not begin elsewhere. */
  class TravellingCoroutine extends HandDrivenCoroutine<unknown, unknown, unknown> {
    override return(value: unknown) {
      begin(this)
      return super.return(value)
    }

    override throw(error: unknown) {
      begin(this)
      return super.throw(error)
    }
  }

  function* run(made: { started: boolean }, args: A): Generator {
    if (made.started) throw new RuntimeError(`the coroutine of ${fn.name} was sent to another thread, and runs there`)
    made.started = true
    return yield* fn(...args)
  }
  run.prototype = TravellingCoroutine.prototype

  const call = (...args: A) => {
    const made = { fn, args, started: false }
    return Object.defineProperty(run(made, args), origin, { value: made })
  }
  return Object.defineProperty(call, 'name', { value: fn.name })
}

function begin(coroutine: Coroutine) {
  const made = originOf(coroutine)
  if (made) made.started = true
}
