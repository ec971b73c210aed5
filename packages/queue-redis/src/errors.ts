const marker = Symbol.for('fosen.queue-redis.error')

/** Told apart by a registered symbol, so that `instanceof` holds across copies of this package. */
function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === name
}

/**
 * Redis could not be reached: nobody answers there, the password is refused, or it is no Redis. You get it from the first
 * calls; once a connection stood, a lost one is restored and calls wait for it. `cause` is what the attempt failed with.
 */
export class RedisConnectionError extends Error {
  readonly [marker]: string = 'RedisConnectionError'
  override readonly name = 'RedisConnectionError'

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'RedisConnectionError')
  }
}

/** The server is older than what the queue's scripts need. */
export class RedisVersionError extends Error {
  readonly [marker]: string = 'RedisVersionError'
  override readonly name = 'RedisVersionError'

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'RedisVersionError')
  }
}

/** The reason of a `delivery.signal`: the message's lease ran out, and the message was or will be delivered again. */
export class LeaseLostError extends Error {
  readonly [marker]: string = 'LeaseLostError'
  override readonly name = 'LeaseLostError'

  static override [Symbol.hasInstance](value: unknown) {
    return has(value, 'LeaseLostError')
  }
}
