import { deliveriesOf, type Work } from './backlog.ts'
import type { BatchHandler, Handler } from './handler.ts'
import type { MessageQueue } from './queue.ts'
import { refuseIterator } from './refuse-iterator.ts'
import { isTraced, traceProcess } from './trace.ts'

type Returned = ReturnType<Handler<unknown>>

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
   * @throws what the handler throws
   */
  invoke(work: Work<T>): Returned {
    const context = Array.isArray(work) ? undefined : work.context
    if (context === undefined) return this.#call(work)
    return context.runInAsyncScope(this.#call, this, work)
  }

  #call(work: Work<T>): Returned {
    if (isTraced('process')) return traceProcess(this.#queue, deliveriesOf(work), () => this.#handleWhole(work))
    return this.#handle(work)
  }

  /** As the crew sees it: one that gives an iterator has failed. */
  async #handleWhole(work: Work<T>) {
    const refused = refuseIterator(await this.#handle(work))
    if (refused !== undefined) throw refused
  }

  #handle(work: Work<T>): Returned {
    if (!Array.isArray(work)) return (this.#handler as Handler<T>)(work.value, work)
    const values = work.map(({ value }) => value)
    return (this.#handler as BatchHandler<T>)(values, work.slice())
  }
}
