import { deliveriesOf, type Work } from './backlog.ts'
import type { BatchHandler, Handler } from './handler.ts'
import type { MessageQueue } from './queue.ts'
import { isTraced, traceProcess } from './trace.ts'

// biome-ignore lint/suspicious/noConfusingVoidType: what a handler returns
type Outcome = PromiseLike<unknown> | void

/** Calls a handler with the message, or the batch, that it is to handle. */
export class Invoker<T> {
  readonly #queue: MessageQueue<T>
  readonly #handler: Handler<T> | BatchHandler<T>

  constructor(queue: MessageQueue<T>, handler: Handler<T> | BatchHandler<T>) {
    this.#queue = queue
    this.#handler = handler
  }

  /**
   * A message is handled in the AsyncLocalStorage that it brings with it; a batch, which may have many, in the consumer's.
   *
   * @returns what is to be awaited, or undefined when the handler is done
   * @throws what the handler throws; TypeError when it returns an iterator that cannot be awaited
   */
  invoke(work: Work<T>): Outcome {
    const context = Array.isArray(work) ? undefined : work.context
    if (context === undefined) return this.#call(work)
    return context.runInAsyncScope(this.#call, this, work)
  }

  #call(work: Work<T>): Outcome {
    if (isTraced('process')) return traceProcess(this.#queue, deliveriesOf(work), () => this.#handle(work))
    return this.#handle(work)
  }

  #handle(work: Work<T>): Outcome {
    const outcome = Array.isArray(work)
      ? (this.#handler as BatchHandler<T>)(
          work.map(({ value }) => value),
          work.slice(),
        )
      : (this.#handler as Handler<T>)(work.value, work)
    if (isBareIterator(outcome)) {
      throw new TypeError(
        'the handler returned an iterator, which cannot be awaited, and nothing would run it. ' +
          'Give a coroutine to an event loop, with runCoroutineThreadsafe(coroutine, loop), and return the future',
      )
    }
    return outcome
  }
}

/** A generator or coroutine object: `await` would give it back as it is, and nothing of it would have run. */
function isBareIterator(value: unknown) {
  if (value instanceof Promise || typeof value !== 'object' || value === null) return false
  const { next, then } = value as { next?: unknown; then?: unknown }
  return typeof next === 'function' && typeof then !== 'function'
}
