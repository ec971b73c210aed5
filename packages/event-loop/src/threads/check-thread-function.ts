import { referenceOf } from '@fosen/thread-async/worker'

/**
 * What a thread is to call; a generator gives more than one value, and is a stream.
 *
 * @throws NotPortableError when it is neither portable nor wrapped by `asyncCall`
 * @throws TypeError when it is a generator function
 */
export function checkThreadFunction(fn: unknown): void {
  const { name, shape } = referenceOf(fn)
  if (!shape.includes('GeneratorFunction')) return
  throw new TypeError(`${name} is a generator function: call it by asyncCall, and iterate what that gives`)
}
