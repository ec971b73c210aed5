import { RuntimeError, StopIteration } from './errors.ts'

/**
 * What is to be thrown for an error that came out of a coroutine: a StopIteration becomes the cause of a RuntimeError,
 * as whoever gets it would take it for the end of the coroutine.
 *
 * @see https://peps.python.org/pep-0479/
 */
export function leaked(error: unknown): unknown {
  if (!(error instanceof StopIteration)) return error
  return new RuntimeError('coroutine raised StopIteration', { cause: error })
}
