import { StopIteration } from './errors.ts'
import { leaked } from './leaked.ts'

/**
 * Runs an iterator to its next `yield` and gives what it yielded.
 *
 * @param iterator a coroutine, or any iterator
 * @param fallback given back instead of throwing when the iterator has ended
 * @throws StopIteration with what the iterator returned, when it has ended and there is no `fallback`
 * @throws RuntimeError when a StopIteration comes out of the iterator, which is the cause
 * @throws whatever else the iterator throws
 * @example
 * ```ts
 * import { coroutine, next } from '@fosen/coroutine'
 *
 * const countdown = coroutine(function* (from: number) {
 *   while (from > 0) yield from--
 * })
 * const coro = countdown(2)
 * console.log(next(coro), next(coro), next(coro, 'over'))
 * ```
 * ```text
 * 2 1 over
 * ```
 * @see https://docs.python.org/3/library/functions.html#next
 */
// biome-ignore lint/suspicious/noExplicitAny: an iterator of whatever is sent, as its first step takes nothing
export function next<Y, F = never>(iterator: Iterator<Y, unknown, any>, ...fallback: [fallback?: F]): Y | F {
  if (typeof iterator?.next !== 'function') {
    throw new TypeError(`next takes an iterator, not ${iterator === null ? 'null' : typeof iterator}`)
  }
  let step: IteratorResult<Y, unknown>
  try {
    step = iterator.next()
  } catch (error) {
    throw leaked(error)
  }
  if (!step.done) return step.value
  if (fallback.length > 0) return fallback[0] as F
  throw new StopIteration(step.value)
}
