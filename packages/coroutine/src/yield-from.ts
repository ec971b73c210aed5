import { close } from './close.ts'
import { GeneratorExit } from './errors.ts'
import { leaked } from './leaked.ts'

/**
 * Python's `yield from`, as `yield* yieldFrom(iterable)`: yields what the iterable yields, and gives what it returns.
 *
 * What is sent and raised goes on to the iterable, as with `yield*` alone. Where the two differ, it does as Python does:
 *
 * - what is raised while it stands at an iterable that takes no errors, such as an array, is raised at the `yield*`
 * - a value that is sent to an iterable which takes none is a TypeError there
 * - `close` of the coroutine closes the iterable, and then raises the GeneratorExit at the `yield*`
 * - a StopIteration that comes out of the iterable is the cause of a RuntimeError
 *
 * @param iterable an array, a string, a Map, a generator, a coroutine, …; it begins at the first step
 * @throws TypeError when it is not iterable
 * @example
 * ```ts
 * import { coroutine, yieldFrom } from '@fosen/coroutine'
 *
 * const letters = coroutine(function* () {
 *   yield* yieldFrom('ab')
 *   return 'all read'
 * })
 * const numbered = coroutine(function* () {
 *   yield* yieldFrom([1, 2])
 *   console.log(yield* yieldFrom(letters()))
 * })
 * console.log([...numbered()])
 * ```
 * ```text
 * all read
 * [ 1, 2, 'a', 'b' ]
 * ```
 * @see https://peps.python.org/pep-0380/
 */
export function yieldFrom<Y, R, N>(iterable: Iterable<Y, R, N>): IterableIterator<Y, R, N> {
  if (typeof iterable?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`yieldFrom takes an iterable, not ${iterable === null ? 'null' : typeof iterable}`)
  }
  return new Delegation(iterable[Symbol.iterator]())
}

/** What `yield*` steps in the place of the iterator, from which it differs in how it takes what is sent and raised. */
class Delegation<Y, R, N> implements IterableIterator<Y, R, N> {
  readonly #iterator: Iterator<Y, R, N>

  constructor(iterator: Iterator<Y, R, N>) {
    this.#iterator = iterator
  }

  [Symbol.iterator](): this {
    return this
  }

  next(value?: N): IteratorResult<Y, R> {
    if (value !== undefined && !takesValues(this.#iterator)) {
      throw new TypeError("can't send a value through yieldFrom to an iterator that takes none")
    }
    try {
      return this.#iterator.next(value as N)
    } catch (error) {
      throw leaked(error)
    }
  }

  throw(error: unknown): IteratorResult<Y, R> {
    const iterator = this.#iterator
    if (error instanceof GeneratorExit) {
      if (takesErrors(iterator)) close(iterator)
      else iterator.return?.()
      throw error
    }
    if (!takesErrors(iterator)) throw error
    try {
      return iterator.throw(error)
    } catch (thrown) {
      throw leaked(thrown)
    }
  }

  return(value: R): IteratorResult<Y, R> {
    return this.#iterator.return ? this.#iterator.return(value) : { done: true, value }
  }
}

function takesErrors<Y, R, N>(iterator: Iterator<Y, R, N>): iterator is Required<Iterator<Y, R, N>> {
  return typeof iterator.throw === 'function'
}

/** The iterators of arrays, strings, Maps and Sets have a `next` without a parameter, and no `throw`. */
function takesValues(iterator: Iterator<unknown, unknown, never>): boolean {
  return iterator.next.length > 0 || takesErrors(iterator)
}
