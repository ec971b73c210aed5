/**
 * The error of a handler that gave an iterator, such as a generator or a coroutine: `await` gives it back as it is, and
 * nothing of it has run. Undefined for anything else.
 *
 * @param outcome what `await` gave of what the handler returned
 */
export function refuseIterator(outcome: unknown): TypeError | undefined {
  if (typeof outcome !== 'object' || outcome === null || !canGoOn(outcome)) return undefined
  return new TypeError(
    'the handler returned an iterator, which cannot be awaited, and nothing would run it. ' +
      'Give a coroutine to an event loop, with runCoroutineThreadsafe(coroutine, loop), and return the future',
  )
}

function canGoOn(outcome: object) {
  try {
    return typeof (outcome as { next?: unknown }).next === 'function'
  } catch {
    return false
  }
}
