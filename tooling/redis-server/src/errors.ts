/** There is no Redis, and it could not or must not be installed: `command` is what to type. */
export class RedisServerMissingError extends Error {
  override readonly name = 'RedisServerMissingError'
  readonly command: string

  constructor(reason: string, command: string, options?: ErrorOptions) {
    super(`${reason}; to get Redis, type: ${command}`, options)
    this.command = command
  }
}

/** The server ended before it answered, or did not answer in time: `log` is what it said. */
export class RedisServerStartError extends Error {
  override readonly name = 'RedisServerStartError'
  readonly log: string

  constructor(reason: string, log: string) {
    super(`${reason}\n${log}`.trimEnd())
    this.log = log
  }
}
