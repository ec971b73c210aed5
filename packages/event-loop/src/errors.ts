import { errorClass } from '@fosen/shared-memory'

export { TimeoutError } from '@fosen/shared-memory'
export { CancelledError } from '@fosen/thread-async'

/** The state of a future does not allow it: asked for a result that is not there yet, or given a second one. */
export class InvalidStateError extends Error {
  static {
    errorClass(InvalidStateError, 'fosen.InvalidStateError')
  }
}

/** A call that the state of the loop does not allow: none is running, one is running already, or it is closed. */
export class RuntimeError extends Error {
  static {
    errorClass(RuntimeError, 'fosen.RuntimeError')
  }
}

/** Tasks wait, and nothing is left that could wake any of them. */
export class DeadlockError extends Error {
  static {
    errorClass(DeadlockError, 'fosen.DeadlockError')
  }
}

/** `getNowait` of a queue that is empty. */
export class QueueEmpty extends Error {
  static {
    errorClass(QueueEmpty, 'fosen.QueueEmpty')
  }
}

/** `putNowait` of a queue that is full. */
export class QueueFull extends Error {
  static {
    errorClass(QueueFull, 'fosen.QueueFull')
  }
}

/** A queue that was shut down is put to, or got from when it is empty. */
export class QueueShutDown extends Error {
  static {
    errorClass(QueueShutDown, 'fosen.QueueShutDown')
  }
}

/** A barrier is broken: it was aborted, or it was reset while this task waited. */
export class BrokenBarrierError extends RuntimeError {
  static {
    errorClass(BrokenBarrierError, 'fosen.BrokenBarrierError')
  }
}

/** The user has pressed Ctrl-C while `run` or a `Runner` ran a coroutine, and that was cancelled. */
export class KeyboardInterrupt extends Error {
  static {
    errorClass(KeyboardInterrupt, 'fosen.KeyboardInterrupt')
  }
}
