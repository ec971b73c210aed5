import { errorClass } from '@fosen/thread-async'
import { describeIssues, type SchemaIssue } from './standard-schema.ts'

/**
 * Redis could not be reached: nobody answers there, the password is refused, or it is no Redis. You get it from the first
 * calls; once a connection stood, a lost one is restored and calls wait for it. `cause` is what the attempt failed with.
 */
export class RedisConnectionError extends Error {
  static {
    errorClass(RedisConnectionError, 'fosen.RedisConnectionError')
  }
}

/** The server is older than what deque and queue need. */
export class RedisVersionError extends Error {
  static {
    errorClass(RedisVersionError, 'fosen.RedisVersionError')
  }
}

/**
 * What was popped, or looked at, is no value of the deque: the codec cannot decode it, or the schema refuses it. Nobody else
 * has what was popped: it is here. `cause` is what the codec, the schema or `onInvalid` has thrown, or a SchemaError.
 */
export class InvalidElementError extends Error {
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
    errorClass(InvalidElementError, 'fosen.InvalidElementError')
  }
}

/** A value is none for the schema: the `cause` of an InvalidElementError. */
export class SchemaError extends Error {
  /** What the schema found. */
  readonly issues: readonly SchemaIssue[]

  constructor(issues: readonly SchemaIssue[]) {
    super(describeIssues(issues))
    this.issues = issues
  }

  static {
    errorClass(SchemaError, 'fosen.SchemaError')
  }
}

/** The reason of a `delivery.signal`: the message was cancelled, and is gone whatever its handler settles it with. */
export class MessageCancelledError extends Error {
  static {
    errorClass(MessageCancelledError, 'fosen.MessageCancelledError')
  }
}
