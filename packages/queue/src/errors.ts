/**
 * Has `instanceof` go by a registered symbol, so that it holds across copies of this package, and across threads; and across
 * the packages of fosen for errors that have the same name in several, as TimeoutError.
 */
function recognise(Class: new (...args: never[]) => Error, name: string) {
  const mark = Symbol.for(`fosen.${name}`)
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(Class.prototype, mark, { value: true })
  Object.defineProperty(Class, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      // A subclass inherits this method, but not every error of the class is one of the subclass.
      if (this !== Class) return Function.prototype[Symbol.hasInstance].call(this as () => void, value)
      return typeof value === 'object' && value !== null && mark in value
    },
  })
}

/** A call on a queue that was closed, or a wait that the closing ended. */
export class QueueClosedError extends Error {
  constructor(message = 'the queue is closed', options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(QueueClosedError, 'QueueClosedError')
  }
}

/** A wait that lasted longer than its `timeout`: nothing was taken. Or a handler that did, and its attempt failed of it. */
export class TimeoutError extends Error {
  static {
    recognise(TimeoutError, 'TimeoutError')
  }
}

/**
 * The reason a delivery's signal is aborted with when a consumer's time to stop is over. The message was handed back: it
 * will be delivered again.
 */
export class ConsumerStoppedError extends Error {
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
  static {
    recognise(AttemptsExhaustedError, 'AttemptsExhaustedError')
  }
}

/**
 * What an attempt failed with whose handler went on after its time, and the grace, were over. Its message is handled again
 * while it still runs.
 */
export class HandlerAbandonedError extends Error {
  static {
    recognise(HandlerAbandonedError, 'HandlerAbandonedError')
  }
}

/**
 * The reason of a `delivery.signal`: the message is this consumer's no more. Its lease ran out, and it was or will be
 * delivered again; or the queue was cleared.
 */
export class LeaseLostError extends Error {
  constructor(message = 'the lease of the message ran out', options?: ErrorOptions) {
    super(message, options)
  }

  static {
    recognise(LeaseLostError, 'LeaseLostError')
  }
}
