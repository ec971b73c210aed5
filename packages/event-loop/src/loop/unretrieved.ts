import type { Future } from '../future.ts'
import type { Task } from '../task.ts'
import type { Handle } from './handle.ts'

/** What is told about a failure that nobody asked for. */
export interface ExceptionContext {
  readonly message: string
  /** What was thrown; absent when the message is about something else, such as a task that never ended. */
  readonly error?: unknown
  readonly task?: Task<unknown> | undefined
  readonly future?: Future<unknown> | undefined
  readonly handle?: Handle | undefined
}

/** Who is told: the loop of the future. */
export interface Told {
  callExceptionHandler(context: ExceptionContext): void
}

/**
 * Failed futures of this thread that nobody has asked, told about when they are collected, when their loop is closed, or
 * when the thread ends.
 *
 * It does not keep the futures: whether anybody still could ask them is the point.
 */
class Unretrieved {
  readonly #entries = new Map<symbol, { readonly loop: Told; readonly context: ExceptionContext }>()
  readonly #collected = new FinalizationRegistry<symbol>(token => this.#tell(token))
  readonly #onExit = () => this.tellAll()

  /** @returns the token under which `delete` knows the future */
  add(future: object, loop: Told, context: ExceptionContext): symbol {
    const token = Symbol()
    formatStack(context.error)
    if (this.#entries.size === 0) process.on('exit', this.#onExit)
    this.#entries.set(token, { loop, context })
    this.#collected.register(future, token)
    return token
  }

  /** Somebody has asked. */
  delete(token: symbol): void {
    if (this.#entries.delete(token) && this.#entries.size === 0) process.off('exit', this.#onExit)
  }

  /** Tells about the futures of a loop, or of all loops. */
  tellAll(loop?: Told): void {
    for (const [token, entry] of [...this.#entries]) if (!loop || entry.loop === loop) this.#tell(token)
  }

  #tell(token: symbol) {
    const entry = this.#entries.get(token)
    this.delete(token)
    entry?.loop.callExceptionHandler(entry.context)
  }
}

/** A stack that was never formatted refers to the frames of the task, and the task would not be collected. */
function formatStack(error: unknown) {
  try {
    if (error instanceof Error) void error.stack
  } catch {
    // Formatting runs the user's code, of which the error that is told is the more important one.
  }
}

const key = Symbol.for('fosen.unretrieved/1')
const globals = globalThis as { [key]?: Unretrieved }
globals[key] ??= new Unretrieved()

/** One for the thread, not for the loop: a loop that is never closed may be collected before its futures. */
export const unretrieved = globals[key]
