import { replaceGlobals } from './intercept.ts'
import { InterleavingError } from './interleaving-error.ts'
import type { Model } from './model.ts'
import { type Exploration, Search } from './search.ts'

/** How many states are gone through, once a failure is found, to find a shorter way to one. */
const shortening = 100_000

/**
 * Runs the threads of a model in every interleaving of their operations on Atomics.
 *
 * Threads are stepped one operation at a time, on real memory. States that were seen before are not gone through again.
 * While it runs, this thread's `Atomics` and clocks are replaced; a thread's clock stands still but for the timeouts that
 * it sleeps through.
 *
 * @throws InterleavingError with the steps that lead there: when a check throws, a program throws, no thread can go on,
 * or an interleaving does not end
 * @throws RangeError when a number or a name in the model is bad; TypeError for `plain` with `statelessLoops`
 */
export function explore<S>(model: Model<S>): Exploration {
  const { timeouts = 0, deaths, maxSteps = 1000 } = model
  for (const [name, value] of Object.entries({ timeouts, maxSteps, 'deaths.most': deaths?.most ?? 0 })) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name} must be an integer from 0 on: ${value}`)
  }
  const unknown = deaths?.of?.find(name => !Object.hasOwn(model.threads, name))
  if (unknown !== undefined) throw new RangeError(`deaths.of names ${unknown}, which is none of the threads`)
  if (model.plain && model.statelessLoops) throw new TypeError('plain and statelessLoops do not go together')
  return replaceGlobals(() => {
    try {
      return new Search(model, maxSteps).run('deepest')
    } catch (error) {
      const canBeShort = error instanceof InterleavingError && error.steps.length < maxSteps
      if (canBeShort) new Search(model, maxSteps).run('shallowest', shortening)
      throw error
    }
  })
}
