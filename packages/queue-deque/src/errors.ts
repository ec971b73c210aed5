import { errorClass } from '@fosen/shared-memory'

/** What Python raises under that name: an iterator goes on after its deque was changed. */
export class RuntimeError extends Error {
  static {
    errorClass(RuntimeError, 'fosen.RuntimeError')
  }
}

/**
 * A value was to be appended to a SharedDeque that is closed, or an item was waited for of one that is closed and empty. Pops
 * that do not wait give no error.
 */
export class DequeClosedError extends Error {
  static {
    errorClass(DequeClosedError, 'fosen.DequeClosedError')
  }
}
