import { errorClass } from '@fosen/shared-memory'

/** What Python raises under that name: an iterator goes on after its deque was changed. */
export class RuntimeError extends Error {
  static {
    errorClass(RuntimeError, 'fosen.RuntimeError')
  }
}
