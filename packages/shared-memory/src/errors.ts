import { errorClass } from './error-class.ts'

/** A wait that lasted longer than its `timeout`; nothing was taken. */
export class TimeoutError extends Error {
  static {
    errorClass(TimeoutError, 'fosen.TimeoutError')
  }
}
