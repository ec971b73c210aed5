/** How long a connection may be lost before that is told, in milliseconds. */
const patience = 1_000

/** One for each server in a thread, however many queues and copies of this package there are. */
const registry = globalThis as { [watches]?: Map<string, LossWatch> }
const watches = Symbol.for('fosen.queue-redis.losses/1')

/** @param address of the server, for the warnings */
export function lossWatchOf(address: string): LossWatch {
  registry[watches] ??= new Map()
  const watch = registry[watches].get(address) ?? new LossWatch(address)
  registry[watches].set(address, watch)
  return watch
}

/**
 * Tells in process warnings that connections to one server are lost, and that they are restored: once each, however many
 * of them there are.
 */
export class LossWatch {
  readonly #address: string
  readonly #lost = new Set<object>()
  #timer: NodeJS.Timeout | undefined
  #isTold = false

  constructor(address: string) {
    this.#address = address
  }

  /** @param cause says why, when it is asked */
  lost(connection: object, cause: () => string) {
    this.#lost.add(connection)
    if (this.#isTold || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#isTold = true
      warn(`the connection to ${this.#address} is lost, and calls wait until it is restored: ${cause()}`)
    }, patience).unref()
  }

  restored(connection: object) {
    this.#lost.delete(connection)
    if (this.#lost.size > 0) return
    if (this.#isTold) warn(`the connection to ${this.#address} is restored`)
    this.#rest()
  }

  /** The connection is closed for good, and nobody waits for it. */
  closed(connection: object) {
    this.#lost.delete(connection)
    if (this.#lost.size === 0) this.#rest()
  }

  #rest() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isTold = false
  }
}

function warn(message: string) {
  process.emitWarning(message, 'RedisConnectionWarning')
}
