import { checkFunction } from '../check-arguments.ts'
import type { BaseEventLoop } from './base-event-loop.ts'
import type { ExceptionContext } from './unretrieved.ts'

export type ExceptionHandler = (loop: BaseEventLoop, context: ExceptionContext) => void

/** The part of a loop that tells of errors which nobody can catch. */
export abstract class ExceptionReports {
  #handler: ExceptionHandler | undefined

  /** Sets who is told of errors that nobody can catch; undefined restores the default, which prints them. */
  setExceptionHandler(handler: ExceptionHandler | undefined): void {
    if (handler !== undefined) checkFunction('an exception handler', handler)
    this.#handler = handler
  }

  getExceptionHandler(): ExceptionHandler | undefined {
    return this.#handler
  }

  /** Prints the error: what is done with it unless there is a handler. */
  defaultExceptionHandler(context: ExceptionContext): void {
    printException(context)
  }

  /** Tells the exception handler; when that throws itself, both errors are printed. */
  callExceptionHandler(context: ExceptionContext): void {
    try {
      if (this.#handler) this.#handler(this as unknown as BaseEventLoop, context)
      else this.defaultExceptionHandler(context)
    } catch (error) {
      printException({ message: 'Unhandled error in exception handler', error })
      printException(context)
    }
  }
}

/** Cannot throw: what prints an error runs the error's own code. */
function printException(context: ExceptionContext) {
  const { message, task, future, handle } = context
  try {
    const about = [task, future, handle].filter(each => each !== undefined)
    if ('error' in context) console.error(message, ...about, context.error)
    else console.error(message, ...about)
  } catch {
    try {
      console.error(message, '(the error cannot be printed)')
    } catch {
      // There is nothing left to tell it to.
    }
  }
}
