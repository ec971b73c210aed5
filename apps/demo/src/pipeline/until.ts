/**
 * What the promise gives, or undefined once the signal is aborted: whatever becomes of the promise then is dropped.
 *
 * @throws what the promise rejects with before
 */
export async function until<T>(signal: AbortSignal, promise: PromiseLike<T>): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const onAbort = () => resolve(undefined)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([aborted, promise])
  } catch (error) {
    if (!signal.aborted) throw error
    return undefined
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
