import { errorClass } from '@fosen/shared-memory'

/** The call was cancelled: by `cancel()`, or because its pool was shut down with `cancelPending`. */
export class CancelledError extends Error {
  static {
    errorClass(CancelledError, 'fosen.CancelledError')
  }
}

/**
 * The thread ended while it ran the call: an uncaught error (the `cause`), `process.exit`, or no memory left.
 *
 * The call may have had effects; it is not run again. Other calls of the pool are not touched.
 */
export class WorkerCrashedError extends Error {
  static {
    errorClass(WorkerCrashedError, 'fosen.WorkerCrashedError')
  }
}

/** A call was submitted to a pool after its `shutdown`. Nothing ran. */
export class PoolShutDownError extends Error {
  static {
    errorClass(PoolShutDownError, 'fosen.PoolShutDownError')
  }
}

/** A call was submitted while as many calls waited for a thread as may. Nothing ran. */
export class PoolFullError extends Error {
  static {
    errorClass(PoolFullError, 'fosen.PoolFullError')
  }
}

/** The initializer of the pool failed, with the `cause`: none of its calls has run, and none will. */
export class BrokenPoolError extends Error {
  static {
    errorClass(BrokenPoolError, 'fosen.BrokenPoolError')
  }
}

/** A function that no thread could run: it was not made portable, or the module that the thread imported has another one. */
export class NotPortableError extends TypeError {
  static {
    errorClass(NotPortableError, 'fosen.NotPortableError')
  }
}

/** A module started threads while a thread was importing it, which would go on for ever. */
export class MissingGuardError extends Error {
  static {
    errorClass(MissingGuardError, 'fosen.MissingGuardError')
  }
}

/** A wait that would never end: what is waited for needs the thread that waits. */
export class DeadlockError extends Error {
  static {
    errorClass(DeadlockError, 'fosen.DeadlockError')
  }
}
