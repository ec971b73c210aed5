const marker = Symbol.for('fosen.queue.error')

/** Has `instanceof` go by a registered symbol, so that it holds across copies of this package. */
function recognise(Class: new (...args: never[]) => Error, name: string) {
  Object.defineProperty(Class, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      // A subclass inherits this method, but not every error of the class is one of the subclass.
      if (this !== Class) return Function.prototype[Symbol.hasInstance].call(this as () => void, value)
      return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === name
    },
  })
}

/** A call on a queue that was closed, or a wait that the closing ended. */
export class QueueClosedError extends Error {
  readonly [marker]: string = 'QueueClosedError'
  override readonly name = 'QueueClosedError'

  constructor(message = 'the queue is closed', options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(QueueClosedError, 'QueueClosedError')
  }
}

/** A wait that lasted longer than its `timeout`: nothing was taken. Or a handler that did, and its attempt failed of it. */
export class TimeoutError extends Error {
  readonly [marker]: string = 'TimeoutError'
  override readonly name = 'TimeoutError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(TimeoutError, 'TimeoutError')
  }
}

/**
 * The reason a delivery's signal is aborted with when a consumer's time to stop is over. The message was handed back: it
 * will be delivered again.
 */
export class ConsumerStoppedError extends Error {
  readonly [marker]: string = 'ConsumerStoppedError'
  override readonly name = 'ConsumerStoppedError'

  constructor(message = 'the consumer was stopped before its handler ended', options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(ConsumerStoppedError, 'ConsumerStoppedError')
  }
}

/**
 * What a message is buried with that was delivered more often than it may be tried: the process died of it each time or
 * was stopped, or its handler retried it itself.
 */
export class AttemptsExhaustedError extends Error {
  readonly [marker]: string = 'AttemptsExhaustedError'
  override readonly name = 'AttemptsExhaustedError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(AttemptsExhaustedError, 'AttemptsExhaustedError')
  }
}

/**
 * What an attempt failed with whose handler went on after its time, and the grace, were over. Its message is handled again
 * while it still runs.
 */
export class HandlerAbandonedError extends Error {
  readonly [marker]: string = 'HandlerAbandonedError'
  override readonly name = 'HandlerAbandonedError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(HandlerAbandonedError, 'HandlerAbandonedError')
  }
}

/**
 * The reason of a `delivery.signal`: the message is this consumer's no more. Its lease ran out, and it was or will be
 * delivered again; or the queue was cleared.
 */
export class LeaseLostError extends Error {
  readonly [marker]: string = 'LeaseLostError'
  override readonly name = 'LeaseLostError'

  constructor(message = 'the lease of the message ran out', options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(LeaseLostError, 'LeaseLostError')
  }
}
