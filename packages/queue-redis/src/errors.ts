import { describeIssues, type SchemaIssue } from './standard-schema.ts'

const marker = Symbol.for('fosen.queue-redis.error')

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

/**
 * Redis could not be reached: nobody answers there, the password is refused, or it is no Redis. You get it from the first
 * calls; once a connection stood, a lost one is restored and calls wait for it. `cause` is what the attempt failed with.
 */
export class RedisConnectionError extends Error {
  readonly [marker]: string = 'RedisConnectionError'
  override readonly name = 'RedisConnectionError'

  static {
    recognise(RedisConnectionError, 'RedisConnectionError')
  }
}

/** The server is older than what deque and queue need. */
export class RedisVersionError extends Error {
  readonly [marker]: string = 'RedisVersionError'
  override readonly name = 'RedisVersionError'

  static {
    recognise(RedisVersionError, 'RedisVersionError')
  }
}

/**
 * What was popped, or looked at, is no value of the deque: the codec cannot decode it, or the schema refuses it. Nobody else
 * has what was popped: it is here. `cause` is what the codec, the schema or `onInvalid` has thrown, or a SchemaError.
 */
export class InvalidElementError extends Error {
  readonly [marker]: string = 'InvalidElementError'
  override readonly name = 'InvalidElementError'
  /** The element, as it was in the list. */
  readonly bytes: Buffer
  /** All that the call has taken off the list and has not given to `onInvalid`, in its order: this one, and what is valid. */
  readonly popped: readonly Buffer[]

  constructor(message: string, bytes: Buffer, popped: readonly Buffer[], options?: ErrorOptions) {
    super(message, options)
    this.bytes = bytes
    this.popped = popped
  }

  static {
    recognise(InvalidElementError, 'InvalidElementError')
  }
}

/** A value is none for the schema: the `cause` of an InvalidElementError. */
export class SchemaError extends Error {
  readonly [marker]: string = 'SchemaError'
  override readonly name = 'SchemaError'
  /** What the schema found. */
  readonly issues: readonly SchemaIssue[]

  constructor(issues: readonly SchemaIssue[]) {
    super(describeIssues(issues))
    this.issues = issues
  }

  static {
    recognise(SchemaError, 'SchemaError')
  }
}

/** The reason of a `delivery.signal`: the message was cancelled, and is gone whatever its handler settles it with. */
export class MessageCancelledError extends Error {
  readonly [marker]: string = 'MessageCancelledError'
  override readonly name = 'MessageCancelledError'

  static {
    recognise(MessageCancelledError, 'MessageCancelledError')
  }
}
