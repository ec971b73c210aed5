/** Errors of another thread whose stacks do not show yet where in this thread they were waited for. */
const foreign = new WeakSet<object>()

/** What stands between the frames of the two threads, written as V8 writes `at async Promise.all (index 0)`. */
const seam = '    at async ThreadFuture (thread of the caller)'
/** Where the frames of this package come from. */
const here = new URL('.', import.meta.url).href

/** Has the stack of the error go on with that of whoever gets it first. Gives the error back. */
export function expectCaller<E>(error: E): E {
  if (error instanceof Error) foreign.add(error)
  return error
}

export function expectsCaller(error: unknown): error is Error {
  return error instanceof Error && foreign.has(error)
}

/**
 * Adds the stack of this place to that of the error, once, if that is expected.
 *
 * @param below frames from this function on are left out
 */
export function addCaller(error: unknown, below: (...args: never[]) => unknown): void {
  if (!expectsCaller(error)) return
  const place: { stack?: unknown } = {}
  Error.captureStackTrace(place, below)
  const frames = framesOf(place.stack)
  if (frames.length === 0 || typeof error.stack !== 'string') return
  foreign.delete(error)
  error.stack = [error.stack, seam, ...frames].join('\n')
}

/**
 * A promise that rejects with the error, with the stack of whoever awaits it.
 *
 * V8 knows that only in the microtask of a rejection that leads to the `await`, from the promise that was returned here
 * on; so the rejection comes when the promise has been tied to what was resolved with it. A promise that several await
 * leads to none of them.
 */
export async function rejectWithCaller(error: unknown): Promise<never> {
  await null
  await null
  addCaller(error, rejectWithCaller)
  throw error
}

/** The lines of a stack from the first frame on that is not of this package; none of Node's that empties the queues. */
function framesOf(stack: unknown): string[] {
  // Error.prepareStackTrace may give anything.
  if (typeof stack !== 'string') return []
  const frames = stack.split('\n').filter(line => /^\s+at (?!process\.processTicks)/.test(line))
  const first = frames.findIndex(line => !line.includes(here))
  return first === -1 ? [] : frames.slice(first)
}
