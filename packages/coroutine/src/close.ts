import { GeneratorExit, RuntimeError } from './errors.ts'
import { leaked } from './leaked.ts'

/** Raises a GeneratorExit in a generator, which has to end by it, and gives what it returns when it catches it. */
export function close<R>(generator: { throw(error: unknown): IteratorResult<unknown, R> }): R | undefined {
  let step: IteratorResult<unknown, R>
  try {
    step = generator.throw(new GeneratorExit('the coroutine is closed'))
  } catch (error) {
    if (error instanceof GeneratorExit) return undefined
    throw leaked(error)
  }
  if (step.done) return step.value
  throw new RuntimeError('coroutine ignored GeneratorExit')
}
