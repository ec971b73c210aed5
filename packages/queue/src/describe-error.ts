import { inspect } from 'node:util'
import type { DeadLetter } from './queue.ts'

/**
 * What a dead letter keeps of the error its message was buried with. Anything may have been thrown: what is no error is
 * shown as a message, and undefined is no error. What has no name is called Error. It never throws: what cannot be shown is
 * described as that.
 */
export function describeError(error: unknown): DeadLetter<unknown>['error'] {
  if (error === undefined) return undefined
  try {
    if (typeof error === 'object' && error !== null && 'message' in error) {
      // Backends may keep an empty name for no error.
      return { name: ('name' in error && String(error.name)) || 'Error', message: String(error.message) }
    }
    return { name: 'Error', message: typeof error === 'string' ? error : inspect(error) }
  } catch {
    return { name: 'Error', message: 'an error that cannot be shown' }
  }
}
