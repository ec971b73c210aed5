import type { Call } from './call.ts'
import { DeadlockError } from './errors.ts'
import { isThenable } from './is-thenable.ts'
import { localFunction } from './portable.ts'
import { transferListOf } from './transfer.ts'
import { uncloneable } from './wire/uncloneable.ts'
import { type PackedArguments, restoreArguments } from './wire/wire-arguments.ts'

/**
 * Runs a call in this thread, as no other is to be had. Its arguments were cloned when it was made, and its result is
 * cloned too, so that it makes no difference to the function. Once it runs it cannot be cancelled.
 *
 * @param isBlocked whether this thread is blocked, so that no promise will be settled
 */
export function runInline({ reference, packed, future }: Call, isBlocked: boolean): void {
  const args = restoreArguments(packed as PackedArguments)
  const succeed = (value: unknown) => {
    try {
      future.setResult(structuredClone(value, { transfer: [...transferListOf(value)] }))
    } catch (error) {
      future.setException(uncloneable(error, `the result of ${reference.name}`, value))
    }
  }
  try {
    const value = localFunction(reference)(...(args as never[]))
    if (isThenable(value) && isBlocked) throw new DeadlockError(`${reference.name} ${why}`)
    if (isThenable(value)) void Promise.resolve(value).then(succeed, error => future.setException(error))
    else succeed(value)
  } catch (error) {
    future.setException(error)
  }
}

const why = 'gave a promise to a thread that is blocked: make it an async function, so that this is known before'
