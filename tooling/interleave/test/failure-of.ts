import { explore, InterleavingError, type Model } from '@fosen/interleave'

export const cells = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))

/** How the exploration of a model fails. */
export function failureOf<S>(model: Model<S>): InterleavingError {
  try {
    explore(model)
  } catch (error) {
    if (error instanceof InterleavingError) return error
    throw error
  }
  throw new Error('the exploration has found nothing')
}
