import { errorClass } from '@fosen/shared-memory'

/** What Python raises under that name: an iterator goes on after its deque was changed. */
export class RuntimeError extends Error {
  static {
    errorClass(RuntimeError, 'fosen.RuntimeError')
  }
}

/** What was appended to a SharedDeque that is closed, or awaited from one that is closed and empty. */
export class DequeClosedError extends Error {
  static {
    errorClass(DequeClosedError, 'fosen.DequeClosedError')
  }
}
