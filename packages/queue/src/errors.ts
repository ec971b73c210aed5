const marker = Symbol.for('fosen.queue.error')

/** Told apart by a registered symbol, so that `instanceof` holds across copies of this package. */
function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === name
}

/** A call on a queue that was closed, or a wait that the closing ended. */
export class QueueClosedError extends Error {
  readonly [marker]: string = 'QueueClosedError'
  override readonly name = 'QueueClosedError'

  constructor(message = 'the queue is closed', options?: ErrorOptions) {
    super(message, options)
  }

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'QueueClosedError')
  }
}

/** A wait that lasted longer than its `timeout`. Nothing was taken. */
export class TimeoutError extends Error {
  readonly [marker]: string = 'TimeoutError'
  override readonly name = 'TimeoutError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'TimeoutError')
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

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'ConsumerStoppedError')
  }
}

/**
 * What a message is buried with that was delivered more often than it may be tried: no attempt came to an end, because
 * the process died of it each time, or was stopped.
 */
export class AttemptsExhaustedError extends Error {
  readonly [marker]: string = 'AttemptsExhaustedError'
  override readonly name = 'AttemptsExhaustedError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'AttemptsExhaustedError')
  }
}
