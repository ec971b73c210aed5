/** What is told about a failure that nobody asked for. */
export interface ExceptionContext {
  readonly message: string
  readonly error: unknown
}

/**
 * Failed futures that nobody has asked, told about when they are collected or the loop is closed.
 *
 * It does not keep the futures: whether anybody still could ask them is the point.
 */
export class Unretrieved {
  readonly #contexts = new Map<symbol, ExceptionContext>()
  readonly #collected = new FinalizationRegistry<symbol>(token => this.#report(token))
  readonly #tell: (context: ExceptionContext) => void

  constructor(tell: (context: ExceptionContext) => void) {
    this.#tell = tell
  }

  /** @returns the token under which `delete` knows the future */
  add(future: object, context: ExceptionContext): symbol {
    const token = Symbol()
    // A stack that was never formatted refers to the frames of the task, and the task would not be collected.
    if (context.error instanceof Error) void context.error.stack
    this.#contexts.set(token, context)
    this.#collected.register(future, token)
    return token
  }

  /** Somebody has asked. */
  delete(token: symbol): void {
    this.#contexts.delete(token)
  }

  reportAll(): void {
    for (const token of [...this.#contexts.keys()]) this.#report(token)
  }

  #report(token: symbol) {
    const context = this.#contexts.get(token)
    if (context && this.#contexts.delete(token)) this.#tell(context)
  }
}
